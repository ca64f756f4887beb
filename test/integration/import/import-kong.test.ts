import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type RunningGateway, startGateway } from '../../../apps/gateway/src/gateway.server.js';
import { TestAuthority, makeCertificateFolder } from '../../support/certificates.js';
import { CommandLine } from '../../support/command-line.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { call, gatewayOptions } from '../../support/gateway.js';
import { callTls } from '../../support/tls-client.js';
import { type TestUpstream, startUpstream } from '../../support/upstream.js';

let database: TestDatabase;
let upstream: TestUpstream;
let commandLine: CommandLine;
let certificates: string;
let gateway: RunningGateway;
let catalogFile: string;
beforeAll(async () => {
  database = await createTestDatabase();
  upstream = await startUpstream();
  commandLine = new CommandLine(database);
  vi.stubEnv('UPSTREAM_ALLOW_PRIVATE', 'true');
  catalogFile = path.join(commandLine.folder, 'catalog.yaml');
  certificates = makeCertificateFolder({ a: await (await TestAuthority.create()).issue({ dns: ['api.test'] }) });
});
afterAll(async () => {
  await gateway.stop();
  await upstream.close();
  commandLine.dispose();
  fs.rmSync(certificates, { recursive: true });
  await database.dispose();
});

it('takes over a route of Kong with its key and its limit, and it behaves so', async () => {
  const golden = fs.readFileSync(path.join(import.meta.dirname, 'golden/kong-orders.yaml'), 'utf8');
  const kongFile = path.join(commandLine.folder, 'kong.yaml');
  fs.writeFileSync(kongFile, golden.replace('http://orders.internal:8000', upstream.url));

  const imported = await commandLine.run('import', 'kong', kongFile, '--out', catalogFile);
  expect(imported.code).toBe(0);
  expect(imported.output.split('\n').map((line) => line.trim())).toEqual([
    'Carried over, and means something else:',
    'services[orders].routes[orders-route].paths: /shop/orders: paths are matched by whole segments, not /shop/orders-and-more.',
    'services[orders].routes[orders-route]: paths of up to 8 segments more, without a slash at the end: put the OpenAPI document of the API in the place of the stand-in.',
    'services[orders].routes[orders-route].plugins[key-auth].config.hide_credentials: Kong shows the key to the upstream unless told otherwise; here it never gets it.',
    'To do:',
    'consumers[0].keyauth_credentials: a key: bring them along with "tollgate keys import", see the guide to API keys.',
    'products.orders-route: whoever calls orders-route subscribes to orders-route/standard; it is free until you say what it costs.',
    '',
  ]);
  expect((await commandLine.run('apply', '-f', catalogFile)).code).toBe(0);
  expect((await commandLine.run('diff', '-f', catalogFile)).output).toMatch(/^No difference/);

  const key = 'acme-has-had-this-key-for-years';
  const keys = path.join(commandLine.folder, 'keys.csv');
  fs.writeFileSync(keys, `application,plan,key\nacme,orders-route/standard,${key}\n`);
  expect((await commandLine.run('keys', 'import', '-f', keys)).output).toBe('Imported: 1. There already: 0.\n');

  gateway = await startGateway(gatewayOptions(database, { tls: { port: 0, folder: certificates } }));
  const url = `https://127.0.0.1:${gateway.tlsPort}/shop/orders/7?full=1`;
  const ask = (headers: Record<string, string> = { 'X-API-Key': key }) =>
    callTls(url, { protocol: 'http/1.1', tls: { rejectUnauthorized: false }, headers });

  // The command line goes by the machine's time, and a subscription does not begin before it.
  const minute = Math.ceil(Date.now() / 60_000) * 60_000;
  database.clock.moveTo(minute + 1_000);
  const statuses: number[] = [];
  for (let number = 0; number < 100; number++) statuses.push((await ask()).status);
  expect(statuses).toEqual(Array.from({ length: 100 }, () => 200));
  expect(upstream.requests[0]).toMatchObject({ method: 'GET', url: '/base/7?full=1' });
  expect(upstream.requests[0]!.headers['x-api-key']).toBeUndefined();
  const refused = await ask();
  expect(refused.json()).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
  expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(59);
  database.clock.moveTo(minute + 60_000);
  expect((await ask()).status).toBe(200);

  expect((await ask({})).status).toBe(401);
  expect((await ask({ authorization: `Bearer ${key}` })).status).toBe(401);
  const plain = await call(`http://127.0.0.1:${gateway.port}/shop/orders/7`, { key });
  expect(plain.json()).toMatchObject({ status: 426, code: 'https_required' });
  expect(upstream.requests).toHaveLength(101);
});

it('writes over no file, and refuses what is no YAML that it can read', async () => {
  const run = (content: string | Buffer, ...words: readonly string[]) => {
    const file = path.join(commandLine.folder, 'input.yaml');
    fs.writeFileSync(file, content);
    return commandLine.run('import', 'kong', file, ...words);
  };
  const sound = `_format_version: '3.0'\nservices: [{ name: a, url: 'http://a.example', routes: [{ paths: [/a] }] }]\n`;
  await expect(run(sound, '--out', catalogFile)).rejects.toThrow(/is there already$/);
  await expect(run(' # nothing\n')).rejects.toThrow(/is empty\.$/);
  await expect(run(Buffer.from([0xff, 0xfe, 0x00]))).rejects.toThrow(/is no text in UTF-8\.$/);
  const bomb = Array.from({ length: 12 }, (_, level) => {
    const twice = Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ');
    return `a${level}: &a${level} [${level === 0 ? 'x' : twice}]`;
  });
  await expect(run(bomb.join('\n'))).rejects.toThrow(/input\.yaml: /);
  await expect(run('['.repeat(100_000))).rejects.toThrow(/input\.yaml: /);
  await expect(run('x'.repeat(11 * 1024 * 1024))).rejects.toThrow(/has 11534336 bytes; at most 10485760 are read\.$/);
  await expect(commandLine.run('import', 'kong', 'nothing.yaml')).rejects.toThrow('cannot be read (ENOENT)');
  await expect(commandLine.run('import', 'kong')).rejects.toThrow('FILE is needed');
});
