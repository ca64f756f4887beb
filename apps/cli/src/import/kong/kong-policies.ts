import { addressRangeFault } from '#domain';
import { shown } from '../import-report.js';
import type { InputPart } from '../input-part.js';
import type { KongPlugin } from './kong-plugin.js';

type Policies = Readonly<Record<string, unknown>>;

/** The policies of an API version that a plugin is; null for a plugin that is left out. */
export function policiesOf({ name, config, place }: KongPlugin): Policies | null {
  switch (name) {
    case 'key-auth':
      return keyAuth(config);
    case 'cors':
      return cors(config);
    case 'ip-restriction':
      return ipRestriction(config);
    case 'request-size-limiting':
      return sizeLimiting(config);
    default:
      config.report.leftOut(place, LEFT_OUT.get(name) ?? 'there is no importer for this plugin.');
      return null;
  }
}

const LEFT_OUT: ReadonlyMap<string, string> = new Map(
  Object.entries({
    acl: 'what a plan has says who may call: entitlements of plans, and scopes of keys.',
    'basic-auth': 'callers have API keys; they may come as the user name of Authorization: Basic.',
    jwt: 'tokens are checked by policies.authentication.jwt, against the keys of an issuer: see the guide to tokens.',
    'openid-connect': 'tokens are checked by policies.authentication.jwt: see the guide to tokens.',
    'mtls-auth': 'certificates are checked by policies.authentication.mtls: see the guide to tokens.',
    'proxy-cache': 'answers are kept by policies.cache: see the guide to caching.',
    'request-transformer': 'requests are changed by policies.transformations: see the guide to transformations.',
    'response-transformer': 'answers are changed by policies.transformations: see the guide to transformations.',
    'request-validator': 'requests are checked by policies.validation, against the document of the API.',
    prometheus: 'each gateway has its metrics at /metrics of its admin port.',
    opentelemetry: 'gateways send traces where OTEL_EXPORTER_OTLP_ENDPOINT says.',
    'rate-limiting-advanced': 'limits are of plans: rateLimits, with algorithm sliding_window for its sliding windows.',
    'response-ratelimiting': 'what an answer costs is counted by meters with a value of a response header.',
    'correlation-id': 'every call has an id: Tollgate-Request-Id, and X-Tollgate-Request-Id for the upstream.',
  }),
);

const KEY_HEADER = /^[A-Za-z0-9-]{1,64}$/;
const KEY_PARAMETER = /^[A-Za-z0-9._~-]{1,64}$/;

function keyAuth(config: InputPart): Policies {
  const { report } = config;
  const names = config.texts('key_names') ?? ['apikey'];
  const [name = 'apikey', ...others] = names;
  const inHeader = config.truth('key_in_header') ?? true;
  const inQuery = config.truth('key_in_query') ?? true;
  if (others.length > 0)
    report.leftOut(
      config.at('key_names'),
      `a key is in one field: ${shown(name)}, and not in ${others.map(shown).join(', ')}.`,
    );
  if (config.truth('key_in_body') === true)
    report.leftOut(config.at('key_in_body'), 'keys are not looked for in bodies.');
  if (config.truth('hide_credentials') !== true)
    report.changed(
      config.at('hide_credentials'),
      'Kong shows the key to the upstream unless told otherwise; here it never gets it.',
    );
  config.leaveOut('anonymous', 'whoever calls has a key.');
  config.ignore('run_on_preflight');
  config.leaveOut('realm', 'the realm is "tollgate".');
  config.leaveRest();
  const mayBeHeader = inHeader && KEY_HEADER.test(name) && !/^(authorization|cookie|host)$/i.test(name);
  if (inHeader && !mayBeHeader)
    report.leftOut(
      config.at('key_names'),
      `no key can be in a header field ${shown(name)}: it is looked for in x-api-key.`,
    );
  const keys = {
    ...(mayBeHeader && { header: name.toLowerCase() }),
    bearer: false,
    basicUser: false,
    ...(inQuery && KEY_PARAMETER.test(name) && { queryParameter: name }),
  };
  if (!inHeader) report.changed(config.at('key_in_header'), 'a key may be in the header field x-api-key as well.');
  return { authentication: { keys } };
}

function cors(config: InputPart): Policies {
  const { report } = config;
  const origins = config.texts('origins') ?? ['*'];
  const isOrigin = (origin: string) =>
    origin === '*' || /^[a-z][a-z0-9+.-]*:\/\/([a-z0-9-]+\.)*[a-z0-9-]+(:\d{1,5})?$/.test(origin);
  const allowOrigins = origins.filter(isOrigin);
  for (const origin of origins.filter((one) => !isOrigin(one)))
    report.leftOut(
      config.at('origins'),
      `${shown(origin)} is no origin such as https://app.example.com; patterns are not known, but https://*.example.com is.`,
    );
  const wantsCredentials = config.truth('credentials') ?? false;
  const allowCredentials = wantsCredentials && !allowOrigins.includes('*');
  if (wantsCredentials !== allowCredentials)
    report.leftOut(
      config.at('credentials'),
      'credentials need origins that are named: "*" would let every page act as its visitor.',
    );
  if (config.truth('preflight_continue') === true)
    report.changed(config.at('preflight_continue'), 'the gateway answers preflights itself.');
  const [methods, headers, exposed] = [
    config.texts('methods'),
    config.texts('headers'),
    config.texts('exposed_headers'),
  ];
  const maxAge = config.count('max_age');
  config.leaveRest();
  if (allowOrigins.length === 0) return {};
  return {
    cors: {
      allowOrigins,
      ...(methods && { allowMethods: methods }),
      ...(headers && { allowHeaders: headers }),
      ...(exposed && { exposeHeaders: exposed }),
      ...(allowCredentials && { allowCredentials }),
      ...(maxAge !== undefined && { maxAgeSeconds: Math.min(86_400, maxAge) }),
    },
  };
}

function ipRestriction(config: InputPart): Policies {
  const { report } = config;
  const readRanges = (key: string): string[] =>
    (config.texts(key) ?? []).filter((range) => {
      const fault = addressRangeFault(range);
      if (fault !== null) report.leftOut(config.at(key), `${shown(range)}: ${fault}`);
      return fault === null;
    });
  const [allow, deny] = [readRanges('allow'), readRanges('deny')];
  const status = config.count('status');
  if (status !== undefined && status !== 403)
    report.changed(config.at('status'), 'an address that may not call gets 403.');
  config.leaveOut('message', 'refusals are problem documents, in words of their own.');
  // An empty list would let everybody in.
  const wanted = config.texts('allow') ?? [];
  config.leaveRest();
  if (wanted.length > 0 && allow.length === 0) return { addresses: { deny: ['0.0.0.0/0', '::/0'] } };
  return { addresses: { ...(allow.length > 0 && { allow }), ...(deny.length > 0 && { deny }) } };
}

const UNITS: ReadonlyMap<string, number> = new Map(
  Object.entries({ bytes: 1, kilobytes: 1_024, megabytes: 1_048_576 }),
);

function sizeLimiting(config: InputPart): Policies {
  const { report } = config;
  const unit = config.text('size_unit') ?? 'megabytes';
  const maxBodyBytes = (config.count('allowed_payload_size') ?? 128) * (UNITS.get(unit) ?? 1_048_576);
  if (config.truth('require_content_length') === true)
    report.changed(config.at('require_content_length'), 'a body without a length is let in, and cut at the bound.');
  config.leaveRest();
  return { sizes: { maxBodyBytes } };
}
