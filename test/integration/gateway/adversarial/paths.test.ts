import { once } from 'node:events';
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalPath } from '../../../../apps/gateway/src/routing/canonical-path.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../../support/gateway.js';
import { aRandom } from '../../../support/random.js';

const rounds = 400;
const parts = '/ / / . .. %2e %2f %5C %25 %00 %0d%0a %zz ;a things things thin%67s %41 %c3%a9 %ff ~ {'.split(' ');

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest();
});
afterAll(() => under.dispose());

/** A request for exactly this path: a URL would be normalized. */
async function send(path: string, agent: http.Agent): Promise<http.IncomingMessage> {
  const { hostname, port } = new URL(under.origin);
  const headers = { 'x-api-key': under.consumer.key, 'x-sent': path };
  const request = http.get({ hostname, port, path, headers, agent });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response;
}

describe(`${rounds} paths`, () => {
  it('are labelled as they are sent, and sent in the one form in which they were matched', async () => {
    const random = aRandom(20_261_125);
    const pick = () => parts[Math.floor(random.between(0, parts.length))]!;
    const paths = Array.from({ length: rounds }, () => {
      const tail = Array.from({ length: Math.floor(random.between(0, 5)) }, pick).join('');
      return `${under.catalog.version.basePath}/${random.between(0, 1) < 0.5 ? 'things' : ''}${tail}`;
    });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
    const answers = await Promise.all(paths.map((path) => send(path, agent)));
    agent.destroy();
    const events = new Map((await under.events()).map((event) => [event.id, event]));
    const received = new Map(
      under.upstream.requests.map((request) => [request.headers['x-tollgate-request-id'], request]),
    );
    expect(received.size).toBe(under.upstream.requests.length);
    let passed = 0;
    for (const [index, path] of paths.entries()) {
      const { statusCode: status, headers } = answers[index]!;
      const canonical = canonicalPath(path);
      const request = received.get(headers['tollgate-request-id'] as string);
      if (canonical === null) expect(status, path).toBe(400);
      if (status !== 200) {
        expect(request, path).toBeUndefined();
        continue;
      }
      passed++;
      expect(request!.headers['x-sent']).toBe(path);
      expect(under.catalog.version.basePath + request!.url, path).toBe(canonical);
      const label = events.get(headers['tollgate-request-id'] as string)!.operation;
      expect(label, path).toBe(request!.url === '/things' ? 'listThings' : 'getThing');
      expect(request!.url, path).toMatch(/^\/things(\/[^/]+)?$/);
    }
    expect(passed).toBeGreaterThan(40);
  });
});
