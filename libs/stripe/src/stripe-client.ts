import Stripe from 'stripe';
import { InvalidError } from '#domain';
import { patientHttpClient } from './patient-http-client.js';

export interface StripePaymentProviderOptions {
  /** `sk_test_…`, or `sk_live_…` with `allowLive`; restricted keys (`rk_…`) likewise. */
  readonly secretKey: string;
  /** Where the API is, such as `http://127.0.0.1:4090` for the sandbox; Stripe itself when absent. */
  readonly apiBase?: string | undefined;
  /** The `whsec_…` that webhooks are signed with; several apart by commas while it is rolled. */
  readonly webhookSecret: string;
  /** The least amounts that are charged, in minor units by currency, in the place of Stripe's own. */
  readonly minimumCharges?: Readonly<Record<string, bigint>> | undefined;
  /** Where the payer reads all of an invoice of ours, by its id: the provider's document says it. */
  readonly invoiceUrl?: ((invoiceId: string) => string) | undefined;
  /** Real money moves only with an explicit yes. */
  readonly allowLive: boolean;
}

const timeoutMs = 20_000;

/** The SDK's client. Refuses a live key unless it is allowed, and a base address that is not a plain http(s) origin. */
export function createStripeClient(options: StripePaymentProviderOptions): Stripe {
  if (/^[sr]k_live_/.test(options.secretKey) && !options.allowLive) {
    throw new InvalidError(
      'stripe_live_key',
      'STRIPE_SECRET_KEY is a live key: real cards would be charged. Allow it explicitly, or use a key that begins with sk_test_.',
    );
  }
  return new Stripe(options.secretKey, {
    ...(options.apiBase !== undefined && addressOf(options.apiBase)),
    appInfo: { name: 'Tollgate' },
    httpClient: patientHttpClient(Stripe.createNodeHttpClient()),
    maxNetworkRetries: 2,
    telemetry: false,
    timeout: timeoutMs,
  });
}

function addressOf(apiBase: string): { host: string; port?: string; protocol: 'http' | 'https' } {
  const url = URL.parse(apiBase);
  const protocol = url?.protocol.slice(0, -1);
  if (!url || (protocol !== 'http' && protocol !== 'https') || url.pathname !== '/' || url.search !== '') {
    throw new InvalidError(
      'stripe_api_base',
      `STRIPE_API_BASE must be an address such as http://127.0.0.1:4090, with no path; it is ${apiBase}.`,
    );
  }
  const port = url.port || (protocol === 'http' ? '80' : '443');
  return { host: url.hostname.replaceAll(/^\[|\]$/g, ''), port, protocol };
}
