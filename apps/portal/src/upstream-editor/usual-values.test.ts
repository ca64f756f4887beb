import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { USUAL_POLICY } from '../policy-editor/policy-words.js';
import { USUAL_TRANSLATION } from '../translation-editor/translation-words.js';
import { USUAL } from './upstream-words.js';

interface Schema {
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
}

const file = new URL('../../../../docs/catalog.schema.json', import.meta.url);
const catalog = JSON.parse(fs.readFileSync(file, 'utf8')) as Schema;
const version = catalog.properties!['apis']!.items!.properties!['versions']!.items!;
const retries = ['upstream.retries', 'upstream.traffic.rules.*.retries'];
const translations = ['policies.translation.graphql', 'policies.translation.soap'];
const within = (places: readonly string[], name: string) => places.map((place) => `${place}.${name}`);

/** Where a version has what stands for nothing; "*" is any part of a list, or any name. */
const places: Readonly<Record<string, readonly string[]>> = {
  connectTimeoutMs: ['upstream.connectTimeoutMs', 'policies.testUpstream.connectTimeoutMs'],
  responseTimeoutMs: ['upstream.responseTimeoutMs', 'policies.testUpstream.responseTimeoutMs'],
  idleTimeoutMs: ['upstream.idleTimeoutMs'],
  attempts: within(retries, 'attempts'),
  retryOn: within(retries, 'retryOn'),
  methods: within(retries, 'methods'),
  backOffMs: within(retries, 'backOffMs'),
  replayBytes: within(retries, 'maxReplayBytes'),
  budgetPercent: within(retries, 'budgetPercent'),
  consecutiveFailures: ['upstream.circuitBreaker.consecutiveFailures'],
  openMs: ['upstream.circuitBreaker.openMs'],
  intervalSeconds: ['upstream.healthCheck.intervalSeconds'],
  timeoutSeconds: ['upstream.healthCheck.timeoutSeconds'],
  applicationClaim: ['policies.authentication.jwt.applicationClaim'],
  algorithms: ['policies.authentication.jwt.algorithms'],
  clockSkewSeconds: ['policies.authentication.jwt.clockSkewSeconds'],
  httpsPort: ['policies.transport.httpsPort'],
  maxAgeSeconds: ['policies.cors.maxAgeSeconds'],
  bodyBytes: ['policies.sizes.maxBodyBytes'],
  checkedBytes: [
    'policies.validation.maxBodyBytes',
    'policies.idempotency.maxBodyBytes',
    'policies.transformations.*.request.body.maxBytes',
    'policies.transformations.*.response.body.maxBytes',
  ],
  keepSeconds: ['policies.idempotency.keepSeconds'],
  cachedBytes: ['policies.cache.routes.*.maxBodyBytes'],
  requestBytes: within([...translations, 'policies.translation.grpc'], 'maxRequestBytes'),
  messageBytes: ['policies.translation.grpc.maxMessageBytes', ...within(translations, 'maxResponseBytes')],
  nullStatus: within(translations, 'operations.*.nullStatus'),
};
/** The file has no default for it: where none is given, the gateway's own places hold. */
const elsewhere = ['keyHeader'];

function defaultAt(place: string): unknown {
  const part = place
    .split('.')
    .reduce<Schema | undefined>(
      (schema, step) => (step === '*' ? (schema?.items ?? schema?.additionalProperties) : schema?.properties?.[step]),
      version,
    );
  return part?.default;
}

describe('what the pages say stands for nothing', () => {
  const usual = [USUAL, USUAL_POLICY, USUAL_TRANSLATION].flatMap((values) =>
    Object.entries(values).filter(([name]) => !elsewhere.includes(name)),
  );

  it.each(usual)('is what the catalogue file has for nothing: %s', (name, value) => {
    const given = places[name] ?? [];
    expect(given).not.toEqual([]);
    for (const place of given) expect([place, defaultAt(place)]).toEqual([place, value]);
  });
});
