import { createPublicKey } from 'node:crypto';
import { z } from 'zod';

const keyRing = z.string().transform((text, context) => {
  const keys = text.split(',').map((part) => {
    const [id = '', base64 = ''] = part.split(':', 2);
    return { id, secret: Buffer.from(base64, 'base64') };
  });
  if (keys.some((key) => !/^[A-Za-z0-9]{1,16}$/.test(key.id) || key.secret.length !== 32)) {
    context.addIssue({
      code: 'custom',
      message: 'expected "id:base64 of 32 bytes", the current key first, separated by commas',
    });
    return z.NEVER;
  }
  return keys;
});

const list = z.string().transform((text) => text.split(',').map((part) => part.trim()));

/** `identifier:PEM`, apart by commas; a PEM may be on one line, with or without its first and last line. */
const publicKeys = z.string().transform((text, context) => {
  try {
    return text.split(',').map((part) => {
      const [, id, pem] = /^\s*([A-Za-z0-9_-]{1,128}):(.+)$/s.exec(part)!;
      const base64 = pem!.replaceAll('\\n', '').replace(/-----[A-Z ]+-----/g, '');
      return { id: id!, key: createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' }) };
    });
  } catch {
    context.addIssue({ code: 'custom', message: 'expected "identifier:public key in PEM", separated by commas' });
    return z.NEVER;
  }
});

/** `CUR=minor units`, apart by commas. */
const minimumCharges = z.string().transform((text, context) => {
  const parts = text.split(',').map((part) => /^\s*([A-Z]{3})=([0-9]{1,9})\s*$/.exec(part));
  if (parts.every((part) => part !== null))
    return Object.fromEntries(parts.map(([, currency, minor]) => [currency!, BigInt(minor!)] as const));
  context.addIssue({ code: 'custom', message: 'expected amounts in minor units by currency, such as KWD=150,USD=100' });
  return z.NEVER;
});

const url = (...schemes: string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && schemes.includes(new URL(text).protocol),
      `expected a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
    );
const httpUrl = url('http:', 'https:').transform((text) => text.replace(/\/+$/, ''));
const postgresUrl = url('postgres:', 'postgresql:');
const port = z.coerce.number().int().min(0).max(65535);
const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const days = (max: number) => z.coerce.number().min(0).max(max);
const retryDays = z.string().transform((text, context) => {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (text === 'none') return [];
  const ascends = numbers.every((number, index) => number > (numbers[index - 1] ?? 0) && number <= 365);
  if (ascends && numbers.length <= 20) return numbers;
  context.addIssue({ code: 'custom', message: 'expected up to 20 ascending days above 0, such as 1,3,5,7, or none' });
  return z.NEVER;
});
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** Every setting of every process, by the name of its environment variable. */
const variables = {
  DATABASE_URL: postgresUrl.describe('Postgres, as the application role (or an owner that may become it)'),
  DATABASE_OWNER_URL: postgresUrl.optional().describe('Postgres, as the owner of the tables; only migrations use it'),
  QUEUE_URL: url('redis:', 'rediss:', 'postgres:', 'postgresql:')
    .optional()
    .describe('where BullMQ keeps its jobs; default: DATABASE_URL'),
  REDIS_URL: url('redis:', 'rediss:')
    .optional()
    .describe('Redis, a single one or a node of a cluster, for shared limits; without it Postgres leases do'),
  RATE_STORE_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(10)
    .max(5_000)
    .default(250)
    .describe('how long a call waits for the store of shared rate limits'),
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^(sk|rk)_(test|live)_/, 'expected a Stripe secret key (sk_test_… or sk_live_…)')
    .describe('of Stripe, or of the sandbox'),
  STRIPE_API_BASE: httpUrl.optional().describe('another address than Stripe’s: the sandbox'),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .min(8)
    .describe('signs the webhooks that we get; several apart by a comma while it is rolled, or for several endpoints'),
  STRIPE_ALLOW_LIVE: flag.default(false).describe('true lets a live key be used'),
  STRIPE_MINIMUM_CHARGES: minimumCharges
    .optional()
    .describe(
      'the least that is charged to a card, in minor units, where it is another than Stripe publishes: KWD=150,USD=100',
    ),
  SMTP_URL: url('smtp:', 'smtps:').describe('mail server'),
  MAIL_FROM: z.string().min(3).default('Tollgate <no-reply@localhost>'),
  MAIL_INBOX_URL: httpUrl.optional().describe('development inbox shown at /inbox; never set it in production'),
  PORTAL_URL: httpUrl.describe('public address of portal and control plane'),
  GATEWAY_URL: httpUrl.describe('public address of the gateway'),
  GATEWAY_INTERNAL_URL: httpUrl
    .optional()
    .describe(
      'where the control plane itself reaches the gateway, for calls of agents and of the docs; default: GATEWAY_URL',
    ),
  API_RATE_LIMIT: whole(1, 1_000_000)
    .default(3_000)
    .describe('requests a minute that one person, or one network address without one, may send to the control plane'),
  MCP_RATE_LIMIT: whole(1, 1_000_000)
    .default(300)
    .describe('messages a minute that one key, or one network address without a key, may send to the MCP endpoint'),
  TOLLGATE_TOKEN: z
    .string()
    .regex(/^tgp_/, 'expected a personal access token, which begins with tgp_')
    .optional()
    .describe('personal access token of `tollgate api`; create one in the portal'),
  AUTH_SECRET: z.string().min(32).describe('signs sessions; at least 32 characters'),
  STAFF_TWO_FACTOR: z
    .enum(['optional', 'required'])
    .default('optional')
    .describe('required: publishers, finance and operators get to their desks with two-factor authentication only'),
  DISPOSABLE_MAIL: z
    .enum(['refuse', 'allow'])
    .default('refuse')
    .describe('whether people may sign up with an address of a throw-away service'),
  SIGN_UPS_PER_DAY: whole(1, 1_000_000)
    .default(50)
    .describe('how many people may sign up from one network address in a day'),
  TERMS_URL: httpUrl.optional().describe('where the terms are that everybody who uses the portal accepts'),
  TERMS_VERSION: z.string().min(1).max(32).optional().describe('their version: another one is asked for again'),
  OIDC_ISSUER: httpUrl.optional().describe('identity provider that people can sign in with, by OpenID Connect'),
  OIDC_CLIENT_ID: z.string().min(1).optional().describe('as which Tollgate is known there'),
  OIDC_CLIENT_SECRET: z.string().min(1).optional().describe('and its secret'),
  OIDC_LABEL: z.string().min(1).max(40).default('single sign-on').describe('its name on the sign-in page'),
  KEY_PEPPERS: keyRing.describe('peppers of API keys, current first: id:base64,…'),
  ENCRYPTION_KEYS: keyRing.describe('keys that seal stored secrets, current first: id:base64,…'),
  LEAK_POLICY: z
    .enum(['revoke', 'alert'])
    .default('revoke')
    .describe('what happens to keys that are found in public, unless their organization says otherwise'),
  LEAK_REPORT_KEYS: publicKeys.optional().describe('public keys that sign reports of leaked keys: identifier:PEM,…'),
  LEAK_REPORT_KEYS_URL: httpUrl
    .optional()
    .describe('or where they are listed: https://api.github.com/meta/public_keys/secret_scanning'),
  HOST: z.string().default('127.0.0.1').describe('address that the servers bind to'),
  API_PORT: port.default(4000),
  GATEWAY_PORT: port.default(4080),
  GATEWAY_ADMIN_PORT: port.default(4081).describe('health and metrics of the gateway'),
  GATEWAY_PROCESSES: z
    .union([z.literal('auto'), z.coerce.number().int().min(1).max(256)])
    .default(1)
    .describe('gateway processes on one port; auto: one for each core'),
  GATEWAY_TLS_PORT: port.default(4443).describe('HTTPS with HTTP/1.1 and HTTP/2; only with GATEWAY_TLS_DIR'),
  GATEWAY_TLS_DIR: z.string().min(1).optional().describe('folder of NAME.crt and NAME.key pairs; unset: no HTTPS'),
  ISSUER_ALLOW_PRIVATE: flag
    .default(false)
    .describe('true lets token issuers and the identity provider be in private networks, and without TLS'),
  GATEWAY_ID: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'expected lower-case letters, digits and hyphens')
    .default('gateway-1')
    .describe('unique per gateway process'),
  WEBHOOK_ALLOW_PRIVATE: flag
    .default(false)
    .describe('true lets organizations have webhooks sent to private networks and, without TLS, to this machine'),
  JOURNAL_DIR: z.string().min(1).describe('folder of the usage journal, on a disk that stays'),
  JOURNAL_SYNC: z
    .enum(['interval', 'strict'])
    .default('interval')
    .describe('strict: fdatasync before each release of a last byte'),
  UPSTREAM_ALLOW_PRIVATE: flag
    .default(false)
    .describe('true lets publishers point upstreams at private networks and this machine'),
  UPSTREAM_ALLOW_UNVERIFIED_TLS: flag
    .default(false)
    .describe('true lets publishers turn off the check of an upstream’s certificate; for tests'),
  CLIENT_HEADERS_TIMEOUT_MS: whole(1_000, 300_000)
    .default(15_000)
    .describe('how long a caller may take for the header fields of a request'),
  CLIENT_IDLE_TIMEOUT_MS: whole(1_000, 3_600_000)
    .default(75_000)
    .describe('how long a connection may be idle; longer than that of a load balancer in front'),
  CLIENT_MIN_BODY_RATE: whole(0, 1_000_000)
    .default(240)
    .describe('bytes per second at which a caller must send a body; 0 for no bound'),
  GATEWAY_MAX_CONNECTIONS_PER_ADDRESS: whole(0, 1_000_000)
    .default(0)
    .describe('of one address, but for trusted proxies; 0 for no bound'),
  TRUSTED_PROXIES: list
    .default([])
    .describe(
      'load balancers in front of the gateway and the control plane, as CIDR ranges: they may say for whom they call',
    ),
  TRUSTED_PROXY_HEADER: z
    .enum(['x-forwarded-for', 'forwarded'])
    .default('x-forwarded-for')
    .describe('the header that those keep; the other is ignored'),
  RESPONSE_CACHE_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .max(17_179_869_184)
    .default(67_108_864)
    .describe('how much of upstreams’ answers a gateway keeps in memory, where an API version says so'),
  ACCESS_LOG: z
    .enum(['off', 'errors', 'all'])
    .default('all')
    .describe('which requests have a line in the log of the gateway; errors: those answered with 400 and above'),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl
    .optional()
    .describe('collector that takes spans as OTLP over HTTP; without it none are recorded'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('share of the traces that begin in the gateway of which spans are recorded'),
  GATEWAY_MAX_CONNECTIONS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(10_000)
    .describe('connections of clients that a gateway process holds at once'),
  GATEWAY_MAX_HEADER_BYTES: z.coerce
    .number()
    .int()
    .min(4_096)
    .max(1_048_576)
    .default(32_768)
    .describe('size of the head of a request, at most'),
  USAGE_ARCHIVE_DIR: z
    .string()
    .min(1)
    .optional()
    .describe('folder to which days of the usage ledger move, the same for all processes; unset: all stay in Postgres'),
  CLICKHOUSE_URL: httpUrl
    .optional()
    .describe(
      'ClickHouse database to which days of the usage ledger move instead, such as http://user:password@host:8123/tollgate',
    ),
  VAT_REGISTER_URL: httpUrl
    .optional()
    .describe(
      'where VAT numbers of the European Union are looked up: https://ec.europa.eu/taxation_customs/vies/rest-api; unset: nowhere',
    ),
  USAGE_RETENTION_DAYS: whole(2, 400).default(90).describe('how long a day of usage stays in Postgres after its end'),
  WORKER_ADMIN_PORT: port.default(4082).describe('health and metrics of the worker'),
  ARRIVAL_GRACE_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(86_400_000)
    .default(3_600_000)
    .describe('how long a period waits after its end for usage'),
  DUNNING_RETRY_DAYS: retryDays
    .default([1, 3, 5, 7])
    .describe('how many days after a failed payment the card is charged again: ascending, apart by commas'),
  DUNNING_GRACE_DAYS: days(365)
    .default(3)
    .describe('how many days after a failed payment the subscriptions of the organization are suspended'),
  DUNNING_WARNING_DAYS: days(365).default(1).describe('how many days before that it is told by mail'),
  DUNNING_REMINDER_DAYS: days(90)
    .default(3)
    .describe('how many days before a transfer is due its payer is reminded; 0 for never'),
  DUNNING_FINAL_STEP: z
    .enum(['leave', 'cancel'])
    .default('leave')
    .describe('after the last attempt; cancel: the invoice is given up, and the subscriptions are canceled'),
  CREDIT_GRANT_LIMIT: whole(0, 1_000_000)
    .default(100)
    .describe('up to so many units of a currency one person of finance may give as credits'),
  TIME_MACHINE: flag.default(false).describe('true lets the clock be moved forward; only with the payment sandbox'),
  FAULT: z.string().optional().describe('causes one fault on purpose, for drills; never set it in production'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
} as const;

export type VariableName = keyof typeof variables;

const APP_VARIABLES = {
  gateway: [
    'DATABASE_URL',
    'QUEUE_URL',
    'REDIS_URL',
    'RATE_STORE_TIMEOUT_MS',
    'KEY_PEPPERS',
    'ENCRYPTION_KEYS',
    'HOST',
    'GATEWAY_PORT',
    'GATEWAY_ADMIN_PORT',
    'GATEWAY_PROCESSES',
    'GATEWAY_TLS_PORT',
    'GATEWAY_TLS_DIR',
    'ISSUER_ALLOW_PRIVATE',
    'GATEWAY_ID',
    'JOURNAL_DIR',
    'JOURNAL_SYNC',
    'UPSTREAM_ALLOW_PRIVATE',
    'UPSTREAM_ALLOW_UNVERIFIED_TLS',
    'CLIENT_HEADERS_TIMEOUT_MS',
    'CLIENT_IDLE_TIMEOUT_MS',
    'CLIENT_MIN_BODY_RATE',
    'GATEWAY_MAX_CONNECTIONS_PER_ADDRESS',
    'ACCESS_LOG',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'OTEL_TRACES_SAMPLER_ARG',
    'GATEWAY_MAX_CONNECTIONS',
    'GATEWAY_MAX_HEADER_BYTES',
    'TRUSTED_PROXIES',
    'TRUSTED_PROXY_HEADER',
    'RESPONSE_CACHE_BYTES',
    'PORTAL_URL',
    'TIME_MACHINE',
    'FAULT',
    'LOG_LEVEL',
  ],
  worker: [
    'DATABASE_URL',
    'QUEUE_URL',
    'STRIPE_SECRET_KEY',
    'STRIPE_API_BASE',
    'STRIPE_WEBHOOK_SECRET',
    'STRIPE_ALLOW_LIVE',
    'STRIPE_MINIMUM_CHARGES',
    'SMTP_URL',
    'MAIL_FROM',
    'PORTAL_URL',
    'ENCRYPTION_KEYS',
    'WEBHOOK_ALLOW_PRIVATE',
    'HOST',
    'WORKER_ADMIN_PORT',
    'VAT_REGISTER_URL',
    'USAGE_ARCHIVE_DIR',
    'CLICKHOUSE_URL',
    'USAGE_RETENTION_DAYS',
    'ARRIVAL_GRACE_MS',
    'DUNNING_RETRY_DAYS',
    'DUNNING_GRACE_DAYS',
    'DUNNING_WARNING_DAYS',
    'DUNNING_REMINDER_DAYS',
    'DUNNING_FINAL_STEP',
    'TIME_MACHINE',
    'FAULT',
    'LOG_LEVEL',
  ],
  api: [
    'DATABASE_URL',
    'QUEUE_URL',
    'STRIPE_SECRET_KEY',
    'STRIPE_API_BASE',
    'STRIPE_WEBHOOK_SECRET',
    'STRIPE_ALLOW_LIVE',
    'STRIPE_MINIMUM_CHARGES',
    'SMTP_URL',
    'MAIL_FROM',
    'MAIL_INBOX_URL',
    'PORTAL_URL',
    'GATEWAY_URL',
    'GATEWAY_INTERNAL_URL',
    'TRUSTED_PROXIES',
    'API_RATE_LIMIT',
    'MCP_RATE_LIMIT',
    'AUTH_SECRET',
    'STAFF_TWO_FACTOR',
    'DISPOSABLE_MAIL',
    'SIGN_UPS_PER_DAY',
    'TERMS_URL',
    'TERMS_VERSION',
    'OIDC_ISSUER',
    'OIDC_CLIENT_ID',
    'OIDC_CLIENT_SECRET',
    'OIDC_LABEL',
    'ISSUER_ALLOW_PRIVATE',
    'WEBHOOK_ALLOW_PRIVATE',
    'KEY_PEPPERS',
    'LEAK_POLICY',
    'LEAK_REPORT_KEYS',
    'LEAK_REPORT_KEYS_URL',
    'ENCRYPTION_KEYS',
    'HOST',
    'API_PORT',
    'USAGE_ARCHIVE_DIR',
    'CLICKHOUSE_URL',
    'ARRIVAL_GRACE_MS',
    'DUNNING_RETRY_DAYS',
    'DUNNING_GRACE_DAYS',
    'DUNNING_WARNING_DAYS',
    'DUNNING_REMINDER_DAYS',
    'DUNNING_FINAL_STEP',
    'CREDIT_GRANT_LIMIT',
    'TIME_MACHINE',
    'LOG_LEVEL',
  ],
  cli: [
    'DATABASE_URL',
    'DATABASE_OWNER_URL',
    'QUEUE_URL',
    'STRIPE_SECRET_KEY',
    'STRIPE_API_BASE',
    'STRIPE_WEBHOOK_SECRET',
    'STRIPE_ALLOW_LIVE',
    'STRIPE_MINIMUM_CHARGES',
    'PORTAL_URL',
    'GATEWAY_URL',
    'KEY_PEPPERS',
    'ENCRYPTION_KEYS',
    'JOURNAL_DIR',
    'USAGE_ARCHIVE_DIR',
    'CLICKHOUSE_URL',
    'USAGE_RETENTION_DAYS',
    'UPSTREAM_ALLOW_PRIVATE',
    'UPSTREAM_ALLOW_UNVERIFIED_TLS',
    'ARRIVAL_GRACE_MS',
    'DUNNING_RETRY_DAYS',
    'DUNNING_GRACE_DAYS',
    'DUNNING_WARNING_DAYS',
    'DUNNING_REMINDER_DAYS',
    'DUNNING_FINAL_STEP',
    'CREDIT_GRANT_LIMIT',
    'TIME_MACHINE',
  ],
  remote: ['PORTAL_URL', 'TOLLGATE_TOKEN'],
  simulation: ['DATABASE_URL'],
  migrations: ['DATABASE_URL', 'DATABASE_OWNER_URL', 'QUEUE_URL'],
} as const satisfies Record<string, readonly VariableName[]>;

export type AppName = keyof typeof APP_VARIABLES;

type Parsed<Name extends VariableName> = z.output<(typeof variables)[Name]>;

/** The settings of one app, frozen. Names are those of the environment variables. */
export type Settings<App extends AppName> = { readonly [Name in (typeof APP_VARIABLES)[App][number]]: Parsed<Name> };

/** All faults of a process's settings at once. */
export class SettingsError extends Error {
  constructor(app: string, faults: readonly string[]) {
    super(`The settings of ${app} need attention:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'SettingsError';
  }
}

/**
 * Parses the settings of `app` from environment variables; empty ones count as unset.
 * Throws a SettingsError that names every fault; values are not repeated in it, as they may be secrets.
 */
export function parseSettings<App extends AppName>(
  app: App,
  environment: Readonly<Record<string, string | undefined>>,
): Settings<App> {
  const faults: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const name of APP_VARIABLES[app]) {
    const schema: z.ZodType = variables[name];
    const result = schema.safeParse(environment[name] || undefined);
    if (result.success) settings[name] = result.data;
    else
      faults.push(
        `${name}: ${environment[name] ? result.error.issues[0]?.message : 'is not set'} (${schema.description ?? 'see .env.example'})`,
      );
  }
  if (settings['TIME_MACHINE'] === true && 'STRIPE_SECRET_KEY' in settings && !settings['STRIPE_API_BASE']) {
    faults.push('TIME_MACHINE: only with the payment sandbox (STRIPE_API_BASE), as Stripe’s clock cannot be moved');
  }
  if (settings['OIDC_ISSUER'] && !(settings['OIDC_CLIENT_ID'] && settings['OIDC_CLIENT_SECRET'])) {
    faults.push('OIDC_ISSUER: needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET too');
  }
  if ((settings['TERMS_URL'] === undefined) !== (settings['TERMS_VERSION'] === undefined)) {
    faults.push('TERMS_URL and TERMS_VERSION: set both, or neither');
  }
  if (faults.length > 0) throw new SettingsError(app, faults);
  return Object.freeze(settings) as Settings<App>;
}

/** The settings of `app` from this process's environment; see `parseSettings`. */
export function loadSettings<App extends AppName>(app: App): Settings<App> {
  return parseSettings(app, process.env);
}

/** The environment for a child process: this process's, with some settings of its own. */
export function childEnvironment(settings: Readonly<Partial<Record<VariableName, string>>>): NodeJS.ProcessEnv {
  return { ...process.env, ...settings };
}

/** Name, meaning and users of every variable; for `.env.example` and the checks of deployment files. */
export function describeVariables(): readonly { name: VariableName; description: string; apps: readonly AppName[] }[] {
  return (Object.keys(variables) as VariableName[]).map((name) => ({
    name,
    description: (variables[name] as z.ZodType).description ?? '',
    apps: (Object.keys(APP_VARIABLES) as AppName[]).filter((app) =>
      (APP_VARIABLES[app] as readonly string[]).includes(name),
    ),
  }));
}
