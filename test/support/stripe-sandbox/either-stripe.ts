import Stripe from 'stripe';
import { aSandbox } from './sandbox-client.js';
import type { CliTarget } from './stripe-cli.js';

const ownKey = process.env['STRIPE_SECRET_KEY'] ?? '';
const hasStripe = ownKey.startsWith('sk_test_');
/** As long as Stripe's command line wants a key to be. */
const sandboxKey = 'sk_test_000000000000000000000000';

/** Stripe, or what stands for it. */
export interface EitherStripe extends AsyncDisposable {
  readonly stripe: Stripe;
  /** How Stripe's command line reaches the same. */
  readonly target: CliTarget;
}

async function theSandbox(): Promise<EitherStripe> {
  const { running, ...rest } = await aSandbox();
  const { hostname, port } = new URL(running.url);
  const stripe = new Stripe(sandboxKey, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0 });
  return {
    stripe,
    target: { key: sandboxKey, apiBase: running.url },
    [Symbol.asyncDispose]: () => rest[Symbol.asyncDispose](),
  };
}

async function stripeItself(): Promise<EitherStripe> {
  const stripe = new Stripe(ownKey, { maxNetworkRetries: 2 });
  return { stripe, target: { key: ownKey }, [Symbol.asyncDispose]: async () => undefined };
}

/** Where the same tests run: the name, whether it is there, and how to reach it. */
export const eitherStripe = [
  ['the sandbox', true, theSandbox],
  ['Stripe itself (needs an account: STRIPE_SECRET_KEY=sk_test_…)', hasStripe, stripeItself],
] as const;
