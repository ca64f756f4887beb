import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
  readonly status?: { readonly code: number };
}

const spans: Span[] = [];
let resource: string;
const collector = http.createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    const { resourceSpans } = JSON.parse(body) as {
      resourceSpans: { resource: object; scopeSpans: { spans: Span[] }[] }[];
    };
    resource = `${request.method} ${request.url} ${JSON.stringify(resourceSpans[0]!.resource)}`;
    spans.push(...resourceSpans[0]!.scopeSpans[0]!.spans);
    response.end('{}');
  });
});
let under: GatewayUnderTest;

beforeAll(async () => {
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  under = await startGatewayUnderTest({}, { traces: { endpoint, sampledShare: 1 } });
});
afterAll(async () => {
  await under.dispose();
  collector.close();
  collector.closeAllConnections();
});

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const parent = '00f067aa0ba902b7';
const sent = () => under.upstream.requests.at(-1)!.headers;
const spanOf = async (traceId: string): Promise<Span> =>
  (await eventually(
    () => spans.find((span) => span.traceId === traceId),
    (span) => span !== undefined,
  ))!;

describe('a trace', () => {
  it('goes on through the gateway: the upstream sees our span, the collector gets it with its parent', async () => {
    const headers = { traceparent: `00-${trace}-${parent}-01`, tracestate: 'vendor=x' };
    const answer = await under.call('/things/7', { headers });
    const [, traceId, spanId, flags] = String(sent()['traceparent']).split('-');
    expect([traceId, flags, sent()['tracestate']]).toEqual([trace, '01', 'vendor=x']);
    expect(spanId).not.toBe(parent);
    const span = await spanOf(trace);
    expect(span).toMatchObject({ spanId, parentSpanId: parent, name: 'GET getThing', kind: 2 });
    const values = Object.fromEntries(span.attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
    expect(values).toMatchObject({
      'http.response.status_code': '200',
      'tollgate.request_id': answer.headers['tollgate-request-id'],
      'tollgate.outcome': 'delivered',
    });
    expect(BigInt(span.endTimeUnixNano)).toBeGreaterThan(BigInt(span.startTimeUnixNano));
    expect(resource).toMatch(/^POST \/v1\/traces .*tollgate-gateway/);
    expect(JSON.stringify(span)).not.toContain(under.consumer.key.split('_')[3]);
  });

  it('begins at the gateway when the caller has none, or one that is malformed', async () => {
    await under.call('/things', { headers: { traceparent: 'nonsense', tracestate: 'vendor=x' } });
    expect(sent()['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(sent()['tracestate']).toBeUndefined();
    const span = await spanOf(String(sent()['traceparent']).split('-')[1]!);
    expect(span.parentSpanId).toBeUndefined();
  });

  it('is not recorded when the caller does not record it', async () => {
    const other = trace.replace(/^4/, '5');
    await under.call('/things', { headers: { traceparent: `00-${other}-${parent}-00` } });
    expect(sent()['traceparent']).toMatch(new RegExp(`^00-${other}-[0-9a-f]{16}-00$`));
    await under.call('/things');
    await spanOf(String(sent()['traceparent']).split('-')[1]!);
    expect(spans.some(({ traceId }) => traceId === other)).toBe(false);
  });

  it('shows a refusal as what it is', async () => {
    const refused = trace.replace(/^4/, '6');
    await under.call('/things', { key: 'nonsense', headers: { traceparent: `00-${refused}-${parent}-01` } });
    const span = await spanOf(refused);
    expect(span.attributes).toContainEqual({ key: 'tollgate.refusal', value: { stringValue: 'invalid_api_key' } });
    expect(span.status).toBeUndefined();
  });
});
