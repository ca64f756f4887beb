import { QuickShapes } from './exchange-check.js';
import { startSandbox, type RunningSandbox, type SandboxOptions } from '../../../apps/stripe-sandbox/src/start.js';

export const testKey = 'sk_test_sandbox';

export type StripeBody = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: StripeBody;
}

/** Requests with a plain form, to test the wire itself and not an SDK's view of it. */
export class SandboxClient {
  constructor(readonly url: string) {}

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  delete(path: string): Promise<Answer> {
    return this.send('DELETE', path);
  }

  post(
    path: string,
    form: Record<string, string | number> = {},
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const pairs = Object.entries(form).map(([key, value]) => [key, String(value)]);
    return this.send('POST', path, new URLSearchParams(pairs).toString(), headers);
  }

  async send(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      ...(body !== undefined && { body }),
      headers: {
        authorization: `Bearer ${testKey}`,
        ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
  }
}

export interface TestSandbox extends AsyncDisposable {
  readonly running: RunningSandbox;
  readonly client: SandboxClient;
}

let shapes: QuickShapes | undefined;

/**
 * A sandbox on a free port, gone at the end of the block; which fails if a request that it took, or an answer, is not as the
 * installed `stripe` package declares it.
 */
export async function aSandbox(options: Partial<SandboxOptions> = {}): Promise<TestSandbox> {
  shapes ??= new QuickShapes();
  const known = shapes;
  const faults = new Set<string>();
  const onAnswer: SandboxOptions['onAnswer'] = (request, answer) => {
    try {
      for (const fault of known.exchangeFaults(request, answer)) faults.add(fault);
    } catch (error) {
      faults.add(String(error));
    }
  };
  const running = await startSandbox({ port: 0, onAnswer, ...options });
  const dispose = async (): Promise<void> => {
    await running.close();
    if (faults.size > 0) throw new Error(`Not as Stripe has it:\n${[...faults].slice(0, 20).join('\n')}`);
  };
  return { running, client: new SandboxClient(running.url), [Symbol.asyncDispose]: dispose };
}

/** A clock that tests move by hand. */
export class TestClock {
  constructor(private currentMs: number) {}

  nowMs(): number {
    return this.currentMs;
  }

  advance(milliseconds: number): void {
    this.currentMs += milliseconds;
  }
}

/** The objects of a list answer. */
export function dataOf(answer: Answer): StripeBody[] {
  return answer.body['data'] as StripeBody[];
}

export function idOf(answer: Answer): string {
  if (answer.status !== 200) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body['id'] as string;
}

/** A customer with a card that pays. */
export async function aCustomer(client: SandboxClient, card = 'pm_card_visa'): Promise<string> {
  const customer = idOf(await client.post('/v1/customers', { name: 'Ada Ltd', email: 'billing@ada.test' }));
  idOf(await client.post(`/v1/payment_methods/${card}/attach`, { customer }));
  return customer;
}

/** A draft with one line for each amount. */
export async function aDraft(client: SandboxClient, customer: string, amounts: readonly number[]): Promise<string> {
  const invoice = idOf(await client.post('/v1/invoices', { customer, currency: 'usd' }));
  for (const amount of amounts) {
    idOf(await client.post('/v1/invoiceitems', { customer, invoice, amount, currency: 'usd', description: 'Calls' }));
  }
  return invoice;
}
