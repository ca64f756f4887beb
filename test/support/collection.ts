import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PaymentProvider } from '#domain';
import { createSetupSession, receiveWebhook } from '#services';
import { createStripePaymentProvider } from '#stripe';
import { doOutboxJobs } from '../../apps/cli/src/sim/outbox-jobs.js';
import { nowSeconds, systemClock } from '../../apps/stripe-sandbox/src/clock.js';
import { signatureHeader } from '../../apps/stripe-sandbox/src/webhooks/signature.js';
import type { WebhookOptions } from '../../apps/stripe-sandbox/src/webhooks/delivery.js';
import type { TestDatabase } from './database.js';
import { eventually } from './eventually.js';
import { type SandboxClient, type TestSandbox, aSandbox, dataOf, testKey } from './stripe-sandbox/sandbox-client.js';

export const COLLECTION_SECRET = 'whsec_collection';

export const cards = {
  good: '4242424242424242',
  declined: '4000000000000341',
  refundFails: '4000000000005126',
  disputes: '4000000000000259',
  inquires: '4000000000001976',
  asksCardholder: '4000002760003184',
} as const;

/** A webhook as it came over the wire. */
export interface Delivery {
  readonly body: Buffer;
  readonly signature: string;
  readonly type: string;
}

/** The payment sandbox, its webhooks coming in, and someone who does the jobs of the outbox. */
export class Collection implements AsyncDisposable {
  readonly deliveries: Delivery[] = [];
  private constructor(
    private readonly database: TestDatabase,
    private readonly clock: AheadClock,
    private readonly sandbox: TestSandbox,
    private readonly server: Server,
    readonly provider: PaymentProvider,
  ) {}

  static async start(database: TestDatabase, webhooks: Partial<WebhookOptions> = {}): Promise<Collection> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const clock = new AheadClock();
    const sandbox = await aSandbox({ webhook: { url, secret: COLLECTION_SECRET, ...webhooks }, clock });
    const collection = new Collection(database, clock, sandbox, server, collectionProvider(sandbox.running.url));
    collection.receive();
    return collection;
  }

  get client(): SandboxClient {
    return this.sandbox.client;
  }

  /** Does the jobs that wait in the outbox, and those that follow from them; returns how many. */
  work(): Promise<number> {
    return doOutboxJobs(this.database.context, this.provider);
  }

  /** Works until the sandbox has told everything and nothing is left to do. */
  async settle(): Promise<void> {
    do {
      const untold = async () => dataOf(await this.client.get('/v1/events?delivery_success=false&limit=1'));
      await eventually(untold, (events) => events.length === 0);
    } while ((await this.work()) > 0);
  }

  /** What a person does who saves a card on the hosted page. */
  async saveCard(organizationId: string, number: string): Promise<void> {
    const session = await createSetupSession(this.database.context, this.provider, {
      organizationId,
      returnUrl: 'http://127.0.0.1:4000/billing?tab=card',
    });
    const answer = await fetch(session.url, {
      method: 'POST',
      body: new URLSearchParams({ number, expiry: '12/40', cvc: '123', name: '' }),
      redirect: 'manual',
    });
    if (answer.status !== 303) throw new Error(`the card was not saved: ${await answer.text()}`);
  }

  /** An event as the provider would send it. */
  sign(
    id: string,
    type: string,
    object: Readonly<Record<string, unknown>>,
    before?: object,
  ): Pick<Delivery, 'body' | 'signature'> {
    const created = nowSeconds(systemClock);
    const data = { object, ...(before && { previous_attributes: before }) };
    const body = JSON.stringify({ id, object: 'event', type, created, data });
    return { body: Buffer.from(body), signature: signatureHeader([COLLECTION_SECRET], body, created) };
  }

  /** Lets time pass at the sandbox only: at most some minutes, or its signatures are refused. */
  letPass(milliseconds: number): void {
    this.clock.aheadMs += milliseconds;
  }

  /** How many payments of the kind the sandbox has made, by its own log. */
  async countEvents(type: string): Promise<number> {
    return dataOf(await this.client.get(`/v1/events?limit=100&type=${type}`)).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sandbox[Symbol.asyncDispose]();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private receive(): void {
    this.server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        const signature = String(request.headers['stripe-signature']);
        this.deliveries.push({ body, signature, type: (JSON.parse(body.toString()) as { type: string }).type });
        receiveWebhook(this.database.context, this.provider, body, signature).then(
          () => response.writeHead(200).end(),
          () => response.writeHead(500).end(),
        );
      });
    });
  }
}

/** The system's time and some more. */
class AheadClock {
  aheadMs = 0;

  nowMs(): number {
    return systemClock.nowMs() + this.aheadMs;
  }
}

/** A provider on the sandbox, or on a proxy before it, at `apiBase`. */
export function collectionProvider(apiBase: string): PaymentProvider {
  return createStripePaymentProvider({
    secretKey: testKey,
    apiBase,
    webhookSecret: COLLECTION_SECRET,
    invoiceUrl: (invoiceId) => `http://127.0.0.1:4000/dashboard/billing/invoices/${invoiceId}`,
    allowLive: false,
  });
}
