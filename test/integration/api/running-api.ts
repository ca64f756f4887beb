import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseSettings } from '#config';
import type { PaymentProvider, SavedPaymentMethod } from '#domain';
import type { Mail } from '#mail';
import { createLogger } from '#observability';
import { createStripePaymentProvider } from '#stripe';
import { type ApiApp, createApp } from '../../../apps/api/src/create-app.js';
import type { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { applyFile, weatherApi, weatherProduct } from '../../support/weather-catalog.js';

export const PASSWORD = 'correct horse battery';
const PORTAL_URL = 'http://localhost:4000';
/** The application's page, with the marks that the built one has. */
export const PORTAL_PAGE =
  '<!doctype html><html lang="en"><head><!--head--><title>Portal</title><!--/head--></head><body><div id="root"><!--content--></div></body></html>';
const WEBHOOK_SECRET = 'whsec_test_secret';

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  readonly text: string;
}

export interface Person {
  readonly email: string;
  readonly cookie: string;
  readonly userId: string;
  readonly organizationId: string;
}

interface CallOptions {
  readonly method?: string;
  readonly as?: { readonly cookie: string };
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The control plane on a free port, with a test's database, its clock, and a mailbox that keeps what is sent. */
export class RunningApi {
  readonly mails: Mail[] = [];
  readonly logLines: string[] = [];
  /** The card of every organization; null for none. */
  savedCard: SavedPaymentMethod | null = null;
  url = '';

  private constructor(
    readonly database: TestDatabase,
    private readonly folder: string,
  ) {}

  private api: ApiApp | undefined;

  /** `environment` adds to the settings; with `systemClock` it runs on the machine's time as a process of its own would. */
  static async start(
    database: TestDatabase,
    environment: Readonly<Record<string, string>> = {},
    { systemClock = false } = {},
  ): Promise<RunningApi> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-portal-'));
    fs.mkdirSync(path.join(folder, 'assets'));
    fs.writeFileSync(path.join(folder, 'index.html'), PORTAL_PAGE);
    fs.writeFileSync(path.join(folder, 'assets/app-1a2b.js'), 'export const answer = 42;'.repeat(100));
    fs.writeFileSync(path.join(folder, 'favicon.svg'), '<svg/>');
    const running = new RunningApi(database, folder);
    const settings = parseSettings('api', {
      DATABASE_URL: database.appUrl,
      STRIPE_SECRET_KEY: 'sk_test_sandbox',
      STRIPE_API_BASE: 'http://127.0.0.1:9',
      STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
      SMTP_URL: 'smtp://127.0.0.1:9',
      PORTAL_URL,
      GATEWAY_URL: 'http://localhost:4080',
      AUTH_SECRET: randomBytes(32).toString('hex'),
      KEY_PEPPERS: `1:${randomBytes(32).toString('base64')}`,
      ENCRYPTION_KEYS: `1:${randomBytes(32).toString('base64')}`,
      API_PORT: '0',
      // Tests ask faster than people.
      API_RATE_LIMIT: '1000000',
      LOG_LEVEL: 'info',
      ...environment,
    });
    running.api = await createApp(settings, {
      ...(!systemClock && { context: database.context }),
      paymentProvider: running.paymentProvider(),
      mailer: { send: async (mail) => void running.mails.push(mail), close: () => {} },
      logger: createLogger({
        name: 'api',
        level: settings.LOG_LEVEL,
        destination: { write: (line) => void running.logLines.push(line) },
      }),
      portalFolder: folder,
    });
    running.url = await running.api.listen();
    return running;
  }

  get app(): ApiApp['app'] {
    return this.api!.app;
  }

  async call<Body = unknown>(address: string, options: CallOptions = {}): Promise<Answer<Body>> {
    const method = options.method ?? (options.body === undefined ? 'GET' : 'POST');
    const response = await fetch(this.url + address, {
      method,
      redirect: 'manual',
      headers: {
        ...(method !== 'GET' && { origin: PORTAL_URL }),
        ...(options.as && { cookie: options.as.cookie }),
        ...(options.body !== undefined && { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (isJson ? JSON.parse(text) : null) as Body,
    };
  }

  /** Signs a person up with an organization of their own and follows the link in the mail. */
  async signUp(name: string): Promise<Person> {
    const email = `${name.toLowerCase()}@example.com`;
    const organizationName = `${name} Ltd`;
    const headers = { 'x-forwarded-for': anAddress() };
    await this.call('/api/v1/sign-up', { body: { name, email, password: PASSWORD, organizationName }, headers });
    const verified = await this.call(await this.mailedLink(email, 'verify-email'));
    const cookie = cookieOf(verified);
    const { body } = await this.call<{ user: { id: string }; memberships: { organization: { id: string } }[] }>(
      '/api/v1/session',
      { as: { cookie } },
    );
    return { email, cookie, userId: body.user.id, organizationId: body.memberships[0]!.organization.id };
  }

  /** Waits for a mail to the address with a link that holds `part`, and returns the link without the portal's address. */
  async mailedLink(email: string, part: string): Promise<string> {
    const linkOf = () => {
      const mail = this.mails.findLast(({ to, text }) => to === email && text.includes(part));
      return /https?:\/\/\S+/.exec(mail?.text ?? '')?.[0];
    };
    const link = await eventually(linkOf, (found) => found !== undefined);
    const { pathname, search } = new URL(link!);
    return pathname + search;
  }

  async stop(): Promise<void> {
    await this.api?.close();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** Stripe's adapter for webhooks, which need no connection; cards as the test says. */
  private paymentProvider(): PaymentProvider {
    const stripe = createStripePaymentProvider({
      secretKey: 'sk_test_sandbox',
      apiBase: 'http://127.0.0.1:9',
      webhookSecret: WEBHOOK_SECRET,
      allowLive: false,
    });
    return {
      ...stripe,
      parseWebhook: (rawBody, signature) => stripe.parseWebhook(rawBody, signature),
      listInvoices: (since) => stripe.listInvoices(since),
      ensureCustomer: async ({ organizationId }) => ({ providerCustomerId: `cus_${organizationId}` }),
      createSetupSession: async () => ({ url: 'https://payments.example/setup', sessionId: 'cs_1' }),
      createCheckout: async ({ invoiceId }) => ({
        url: `https://payments.example/pay/${invoiceId}`,
        sessionId: `cs_${invoiceId}`,
      }),
      retrieveCheckout: async () => ({ state: 'expired' }),
      expireCheckout: async () => undefined,
      minimumChargeMinor: () => 50n,
      createPortalSession: async ({ returnUrl }) => ({ url: `https://payments.example/portal?back=${returnUrl}` }),
      defaultPaymentMethod: async () => this.savedCard,
    };
  }
}

/** The cookies that an answer sets, as a request sends them. */
export function cookieOf(answer: Answer<unknown>): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

let lastAddress = 0;

/** An address that nobody else in the tests calls from, so that rate limits do not meet. */
export function anAddress(): string {
  lastAddress += 1;
  return `10.${(lastAddress >> 16) & 255}.${(lastAddress >> 8) & 255}.${lastAddress & 255}`;
}

/** A catalogue with one product: API versions v1 (deprecated) and v2, a free plan and one for money. */
export async function applyWeatherCatalog(database: TestDatabase): Promise<void> {
  const plan = (slug: string, unitAmount: string) => ({
    slug,
    title: slug,
    currency: 'USD',
    prices: [{ meter: 'requests', price: { model: 'per_unit', unitAmount } }],
  });
  await applyFile(database, {
    apis: [weatherApi({ v1: { state: 'deprecated', sunset: '2027-03-31' }, v2: { state: 'published' } })],
    products: [weatherProduct({ plans: [plan('free', '0'), plan('paid', '0.001')] })],
  });
}
