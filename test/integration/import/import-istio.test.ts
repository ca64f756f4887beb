import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type RunningGateway, startGateway } from '../../../apps/gateway/src/gateway.server.js';
import { CommandLine } from '../../support/command-line.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { call, gatewayOptions } from '../../support/gateway.js';
import { type TestUpstream, startUpstream } from '../../support/upstream.js';

let database: TestDatabase;
let v1: TestUpstream;
let v2: TestUpstream;
let commandLine: CommandLine;
let gateway: RunningGateway;
beforeAll(async () => {
  database = await createTestDatabase();
  [v1, v2] = await Promise.all([startUpstream(), startUpstream()]);
  commandLine = new CommandLine(database);
  vi.stubEnv('UPSTREAM_ALLOW_PRIVATE', 'true');
});
afterAll(async () => {
  await gateway.stop();
  await Promise.all([v1.close(), v2.close()]);
  commandLine.dispose();
  await database.dispose();
});

const run = (...words: readonly string[]) => commandLine.run(...words);
const keyOf = async (application: string): Promise<string> => {
  const { output } = await run('keys', 'create', '--application', application, '--plan', 'reviews/standard', '--json');
  return (JSON.parse(output) as { key: string }).key;
};

it('takes over the rules of a VirtualService, and calls go and are repeated by them', async () => {
  const golden = path.join(import.meta.dirname, 'golden/istio-reviews.yaml');
  const file = path.join(commandLine.folder, 'catalog.yaml');
  const targets = ['--target', `reviews/v1=${v1.url}`, '--target', `reviews/v2=${v2.url}`];
  const imported = await run('import', 'istio', golden, ...targets, '--out', file);
  expect(imported.code).toBe(0);
  expect(imported.output).not.toContain('Left out');
  expect(imported.output).toContain('keys create --application productpage --organization productpage');
  const applied = await run('apply', '-f', file);
  expect(applied.output).toContain(
    'there is no application "productpage/productpage"; nobody matches it until there is.',
  );

  // The gateway is there before the application is, which the rule names.
  gateway = await startGateway(gatewayOptions(database));
  const [productpage, ratings] = [await keyOf('productpage'), await keyOf('ratings')];
  database.clock.moveTo(Date.now() + 1_000);
  const ask = (key: string) =>
    call(`http://127.0.0.1:${gateway.port}/reviews/0`, { key, headers: { host: 'reviews' } });
  v1.answer(200, 'v1');
  v2.answer(200, 'v2');
  await expect.poll(async () => (await ask(ratings)).body, { timeout: 5_000 }).toBe('v1');
  expect((await ask(productpage)).body).toBe('v2');
  expect(v2.requests.map(({ url }) => url)).toEqual(['/reviews/0']);

  const failing = async (upstream: TestUpstream, key: string) => {
    upstream.answer(500);
    upstream.requests.length = 0;
    expect((await ask(key)).status).toBe(500);
    return upstream.requests.length;
  };
  expect(await failing(v2, productpage)).toBe(4);
  expect(await failing(v1, ratings)).toBe(1);

  v2.requests.length = 0;
  let tries = 0;
  v2.handle((_request, response) => {
    // The first try gets no answer, the second a bad one.
    if (++tries === 2) response.writeHead(503).end();
    else if (tries > 2) response.end('third');
  });
  const startedAt = performance.now();
  expect((await ask(productpage)).body).toBe('third');
  const tookMs = performance.now() - startedAt;
  expect(tookMs).toBeGreaterThanOrEqual(2_000);
  expect(tookMs).toBeLessThan(4_000);
});
