import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { PaymentProvider } from '#domain';
import { type ServiceContext, createSetupSession, receiveWebhook } from '#services';
import { createStripePaymentProvider } from '#stripe';
import { doOutboxJobs } from './outbox-jobs.js';

const SECRET_KEY = 'sk_test_sandbox';
const SANDBOX = path.resolve(import.meta.dirname, '../../../../run/stripe-sandbox.js');
const POLL_MS = 2;

/** Card numbers that Stripe documents for tests. */
const CARDS = { good: '4242424242424242', declined: '4000000000000341' } as const;

/** The payment sandbox as a process of its own, its webhooks coming in, and the jobs of the outbox being done. */
export class SimulatedPayments implements AsyncDisposable {
  private constructor(
    private readonly context: ServiceContext,
    private readonly sandbox: ChildProcess,
    private readonly url: string,
    private readonly webhooks: Server,
    readonly provider: PaymentProvider,
  ) {}

  /** `sandboxFile` is the program of the sandbox. */
  static async start(context: ServiceContext, sandboxFile = SANDBOX): Promise<SimulatedPayments> {
    const webhookSecret = `whsec_${randomBytes(16).toString('hex')}`;
    const webhooks = createServer();
    webhooks.listen(0, '127.0.0.1');
    await once(webhooks, 'listening');
    const webhookUrl = `http://127.0.0.1:${(webhooks.address() as AddressInfo).port}/`;
    const words = ['--port', '0', '--webhook-url', webhookUrl, '--webhook-secret', webhookSecret];
    const sandbox = spawn(process.execPath, [sandboxFile, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    const apiBase = await addressOf(sandbox);
    const provider = createStripePaymentProvider({ secretKey: SECRET_KEY, apiBase, webhookSecret, allowLive: false });
    const payments = new SimulatedPayments(context, sandbox, apiBase, webhooks, provider);
    payments.receive();
    return payments;
  }

  /** What a person does who saves a card on the hosted page. */
  async saveCard(organizationId: string, card: keyof typeof CARDS): Promise<void> {
    const returnUrl = 'http://127.0.0.1/billing';
    const session = await createSetupSession(this.context, this.provider, { organizationId, returnUrl });
    const body = new URLSearchParams({ number: CARDS[card], expiry: '12/40', cvc: '123', name: '' });
    const answer = await fetch(session.url, { method: 'POST', body, redirect: 'manual' });
    if (answer.status !== 303) throw new Error(`the hosted page did not save the card: ${answer.status}`);
  }

  /** Works until the sandbox has told everything and nothing is left to do. */
  async settle(): Promise<void> {
    do await this.told();
    while ((await doOutboxJobs(this.context, this.provider)) > 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.sandbox.exitCode === null) {
      this.sandbox.kill('SIGTERM');
      await once(this.sandbox, 'exit');
    }
    this.webhooks.closeAllConnections();
    this.webhooks.close();
    await once(this.webhooks, 'close');
  }

  private async told(): Promise<void> {
    for (;;) {
      const answer = await fetch(`${this.url}/v1/events?delivery_success=false&limit=1`, {
        headers: { authorization: `Bearer ${SECRET_KEY}` },
      });
      const { data } = (await answer.json()) as { data: readonly unknown[] };
      if (data.length === 0) return;
      await delay(POLL_MS);
    }
  }

  private receive(): void {
    this.webhooks.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const signature = String(request.headers['stripe-signature']);
        receiveWebhook(this.context, this.provider, Buffer.concat(chunks), signature).then(
          () => response.writeHead(200).end(),
          () => response.writeHead(500).end(),
        );
      });
    });
  }
}

/** Where the sandbox says that it listens. */
async function addressOf(sandbox: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: sandbox.stdout! })) {
    const [, url] = /listening on (http:\S+)/.exec(line) ?? [];
    if (url) return url;
  }
  throw new Error('the payment sandbox ended before it listened');
}
