import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Exchange } from '../exchange.js';
import { AccessLog } from './access-log.js';

const outcomes = [
  { outcome: 'delivered', reason: 'ok', billable: true },
  { outcome: 'delivered', reason: 'upstream_4xx', billable: false },
] as const;

/** The first two have the same end, by which what is kept of callers has its place. */
const credentials = ['a-7ff', 'b-7ff', 'c-123'].map((id) => ({ id, keyId: `key of ${id}`, mode: 'live' as const }));

const someCall = fc.record({
  credential: fc.constantFrom(...credentials),
  versionId: fc.constantFrom('v1', 'v2'),
  operation: fc.constantFrom('GET /things', 'say "it"'),
  subset: fc.constantFrom(null, 'canary'),
  ending: fc.constantFrom(...outcomes),
  status: fc.constantFrom(200, 404),
  atMs: fc.constantFrom(1_764_000_000_000, 1_764_000_000_001),
  bytesOut: fc.nat(),
  totalMs: fc.double({ min: 0, max: 90_000, noNaN: true }),
});

it('says of each call what it was, whatever the calls before it were', () => {
  const lines: string[] = [];
  const log = new AccessLog({ write: (line) => void lines.push(line) }, false);
  const check = ({ credential, versionId, operation, subset, ending, status, atMs, bytesOut, totalMs }: Call): void => {
    const application = { id: `application of ${credential.id}`, organizationId: `organization of ${credential.id}` };
    const exchange = {
      requestId: 'a-request',
      admittedMs: atMs,
      request: { method: 'GET' },
      path: '/things',
      trace: null,
      peer: { address: '::1', forwarding: null },
      account: { application, credential },
      operation: { version: { id: versionId }, operation },
    };
    const durations = { totalMs, upstreamMs: totalMs / 2 };
    log.admitted(exchange as unknown as Exchange, { ...ending, status, bytesIn: 0, bytesOut }, durations, subset);
    const { durationMs, upstreamMs, ...said } = JSON.parse(lines.at(-1)!);
    expect(said).toEqual({
      level: 'info',
      time: new Date(atMs).toISOString(),
      name: 'gateway',
      msg: 'request',
      requestId: 'a-request',
      client: '::1',
      method: 'GET',
      path: '/things',
      status,
      ...ending,
      bytesIn: 0,
      bytesOut,
      apiVersionId: versionId,
      operation,
      ...(subset !== null && { subset }),
      organizationId: application.organizationId,
      applicationId: application.id,
      key: `tg_live_${credential.keyId}`,
    });
    expect(Math.abs(durationMs - totalMs)).toBeLessThanOrEqual(0.050_001);
    expect(Math.abs(upstreamMs - totalMs / 2)).toBeLessThanOrEqual(0.050_001);
  };
  fc.assert(fc.property(fc.array(someCall, { minLength: 2, maxLength: 20 }), (calls) => calls.forEach(check)));
});

type Call = typeof someCall extends fc.Arbitrary<infer Value> ? Value : never;
