import { z } from 'zod';
import {
  keyRing,
  nameServers,
  list,
  publicKeys,
  minimumCharges,
  url,
  httpUrl,
  linkUrl,
  line,
  hexColor,
  postgresUrl,
  port,
  whole,
  days,
  retryDays,
  flag,
} from './setting-types.js';

/** Every setting of every process, by the name of its environment variable. */
export const variables = {
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
  MAIL_FROM: z.string().min(3).default('Tollgate <no-reply@localhost>').describe('who mails are from'),
  MAIL_INBOX_URL: httpUrl.optional().describe('development inbox shown at /inbox; never set it in production'),
  PORTAL_URL: httpUrl.describe('public address of portal and control plane'),
  PORTAL_NAME: line(60)
    .default('Tollgate')
    .describe('what the portal is called: on pages, in mails, feeds, and authenticator apps'),
  PORTAL_TAGLINE: line(300).optional().describe('what the home page says below its headline'),
  PORTAL_ACCENT: hexColor
    .optional()
    .describe('its colour as #rrggbb; made darker where white words could not be read on it'),
  PORTAL_LOGO: z
    .string()
    .min(1)
    .optional()
    .describe('file of its logo: SVG, PNG, WebP or JPEG, at most 256 KB; without it, the first letter of its name'),
  SUPPORT_URL: linkUrl.optional().describe('where people get help: a page, or mailto: and an address'),
  PRIVACY_URL: httpUrl.optional().describe('where the privacy policy is'),
  LEGAL_NOTICE_URL: httpUrl.optional().describe('where it says who runs the portal'),
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
  API_PORT: port.default(4000).describe('port of control plane and portal'),
  GATEWAY_PORT: port.default(4080).describe('port of the gateway, without TLS'),
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
  UPSTREAM_TARGETS_DIR: z
    .string()
    .min(1)
    .optional()
    .describe('folder of the files that upstreams may have their targets from; without it they may not'),
  UPSTREAM_DNS_SERVERS: nameServers
    .optional()
    .describe(
      'address or address:port of the name servers that targets are asked of, apart by commas; without it the system’s',
    ),
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
  DECISION_PORT: port
    .optional()
    .describe('where Envoy (ext_authz) and nginx (auth_request) ask by HTTP whether calls may pass; unset: off'),
  DECISION_GRPC_PORT: port
    .optional()
    .describe('where Envoy asks by gRPC, and its access-log service says how calls ended; unset: off'),
  DECISION_SYSLOG_PORT: port.optional().describe('UDP port on which nginx says by syslog how calls ended; unset: off'),
  DECISION_HOST: z.string().default('127.0.0.1').describe('address that those bind to'),
  DECISION_SECRET: z
    .string()
    .min(16, 'expected at least 16 characters')
    .optional()
    .describe('what proxies show that ask or report by HTTP; needed where DECISION_HOST is not this machine alone'),
  DECISION_ALLOW_OPEN: flag
    .default(false)
    .describe('true lets whoever gets there ask without a secret: where the mesh lets nobody but its proxies in'),
  DECISION_REPORTS: z
    .enum(['expected', 'none'])
    .default('expected')
    .describe('none: calls are billed when they are admitted, as no proxy says how they end'),
  DECISION_UNREPORTED: z
    .enum(['bill', 'release'])
    .default('bill')
    .describe('what becomes of a call of which no report comes: billed like a success, or not billed'),
  DECISION_REPORT_TIMEOUT_MS: whole(1_000, 86_400_000)
    .default(300_000)
    .describe('how long a report is waited for; longer than the longest call that the proxy lets go on'),
  DECISION_MAX_OPEN: whole(1, 1_000_000)
    .default(20_000)
    .describe('calls of a gateway process without a report, at most; more are refused with 503'),
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
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('from which level on there are lines in the log'),
} as const;

export type VariableName = keyof typeof variables;
