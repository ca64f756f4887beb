import { generateKeyPairSync } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FetchedLeakReportKeys } from '../../../apps/api/src/credential/leak-report-keys.js';

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const retryMs = 400;
const unavailable = { code: 'leak_report_keys_unavailable', kind: 'unavailable' };

let server: http.Server;
let url: string;
let asked: number;
let listed: string[];
let answer: http.RequestListener;
const giveList: http.RequestListener = (_, response) =>
  response.end(
    JSON.stringify({ public_keys: listed.map((id) => ({ key_identifier: id, key: pem, is_current: true })) }),
  );
beforeEach(async () => {
  asked = 0;
  listed = ['a'];
  answer = giveList;
  server = http.createServer((request, response) => {
    asked++;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/meta/public_keys/secret_scanning`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

it('reads the list once for many reports at once, and again for a name that is new, but not at once', async () => {
  const keys = new FetchedLeakReportKeys(url, retryMs);
  const found = await Promise.all(Array.from({ length: 10 }, () => keys.find('a')));
  expect(found.every((key) => key?.equals(publicKey))).toBe(true);
  expect(asked).toBe(1);
  listed = ['a', 'b'];
  expect(await keys.find('b')).toBe(null);
  expect(asked).toBe(1);
  await pause(retryMs + 10);
  expect((await keys.find('b'))?.equals(publicKey)).toBe(true);
  expect(asked).toBe(2);
});

it('goes on with the keys that it has when the list is away, and says so of others', async () => {
  const keys = new FetchedLeakReportKeys(url, retryMs);
  await keys.find('a');
  answer = (_, response) => response.destroy();
  await pause(retryMs + 10);
  await expect(keys.find('b')).rejects.toMatchObject(unavailable);
  expect((await keys.find('a'))?.equals(publicKey)).toBe(true);
});

it.each<[string, http.RequestListener]>([
  ['is no list', (_, response) => response.end('{"public_keys":"none"}')],
  ['has a key that is none', (_, response) => response.end('{"public_keys":[{"key_identifier":"a","key":"x"}]}')],
  ['fails', (_, response) => response.writeHead(500).end('{"public_keys":[]}')],
  ['leads elsewhere', (_, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
  ['is longer than a list of keys', (_, response) => response.end(`{"public_keys":[]${' '.repeat(2_000_000)}}`)],
])('refuses what %s, and asks again only later', async (_, listener) => {
  answer = listener;
  const keys = new FetchedLeakReportKeys(url, retryMs);
  await expect(keys.find('a')).rejects.toMatchObject(unavailable);
  await expect(keys.find('a')).rejects.toMatchObject(unavailable);
  expect(asked).toBe(1);
  answer = giveList;
  await pause(retryMs + 10);
  expect((await keys.find('a'))?.equals(publicKey)).toBe(true);
});
