import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../../support/gateway.js';
import { attack } from './attack.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest();
});
afterAll(() => under.dispose());

const line = () => `GET ${under.catalog.version.basePath}/things HTTP/1.1`;
const key = () => `x-api-key: ${under.consumer.key}`;
const send = (...fields: readonly string[]) => attack(under, [line(), 'host: a', key(), ...fields, '', '']);
const closed = (...fields: readonly string[]) => send(...fields, 'connection: close');

describe('a header field that is refused', () => {
  it.each<[string, string]>([
    ['a blank before the colon', 'x-a : b'],
    ['a tab before the colon', 'x-a\t: b'],
    ['no colon', 'x-a'],
    ['no name', ': b'],
    ['a folded value', 'x-a: b\r\n c'],
    ['a value that is folded by a tab', 'x-a: b\r\n\tc'],
    ['a null byte in the value', 'x-a: b\0c'],
    ['a control character in the value', 'x-a: b\u0001c'],
    ['a delete character in the value', 'x-a: b\u007fc'],
    ['a null byte in the name', 'x\0a: b'],
    ['a bracket in the name', 'x(a: b'],
    ['a byte above ASCII in the name', 'x\u00fca: b'],
    ['a bare line feed', 'x-a: b\nx-c: d'],
    ['a bare carriage return', 'x-a: b\rx-c: d'],
    ['a second host', 'host: b'],
    ['the same host again', 'host: a'],
  ])('%s', async (_name, field) => {
    const { statuses, requests, received } = await send(field);
    expect(statuses).toEqual([400]);
    expect(received).toMatch(/^connection: close\r$/im);
    expect(requests).toEqual([]);
  });

  it.each(['', 'a b', 'a,b', 'user@a', 'a/b', 'a?b', 'a#b', 'a\\b', 'a"b', 'a:b', 'a:80:80', '[::1', 'a%00b', 'ü'])(
    'a host that is none: %j',
    async (host) => {
      const { statuses, requests } = await attack(under, [line(), `host: ${host}`, key(), 'connection: close', '', '']);
      expect(statuses).toEqual([400]);
      expect(requests).toEqual([]);
    },
  );

  it('an expectation that we do not know', async () => {
    const { statuses, requests, received } = await closed('expect: 200-ok');
    expect(statuses).toEqual([417]);
    expect(received).toContain('"code":"expectation_failed"');
    expect(requests).toEqual([]);
  });

  it('more fields than anybody needs', async () => {
    const many = Array.from({ length: 300 }, (_, index) => `x-${index}: a`);
    const { statuses, requests, received } = await closed(...many);
    expect(statuses).toEqual([431]);
    expect(received).toContain('"code":"headers_too_large"');
    expect(requests).toEqual([]);
  });
});

describe('a field that only the gateway sets', () => {
  const ours = {
    'x-consumer-id': () => under.consumer.application.organizationId,
    'x-consumer-application': () => under.consumer.application.id,
    'x-consumer-plan': () => 'pro',
    'x-forwarded-for': () => '127.0.0.1',
    'x-forwarded-host': () => 'a',
    'x-forwarded-proto': () => 'http',
  };

  it.each<[string, (name: string) => string]>([
    ['sent by the caller', (name) => `${name}: forged`],
    ['in capitals', (name) => `${name.toUpperCase()}: forged`],
    ['with underscores, which some servers take for hyphens', (name) => `${name.replaceAll('-', '_')}: forged`],
    ['with one underscore', (name) => `${name.replace('-', '_')}: forged`],
    ['named by Connection', (name) => `connection: ${name}`],
  ])('is ours and there once, also when it is %s', async (_name, write) => {
    const { requests } = await send(...Object.keys(ours).map(write), 'connection: close');
    const { rawHeaders } = requests[0]!;
    for (const [name, value] of Object.entries(ours)) {
      const values = rawHeaders.filter((_, index) => {
        const before = index % 2 === 1 ? rawHeaders[index - 1]!.toLowerCase().replaceAll('_', '-') : '';
        return before === name;
      });
      expect(values, name).toEqual([value()]);
    }
  });

  it('is dropped when it is none that we set', async () => {
    const { requests } = await closed('x-consumer-role: admin', 'x-tollgate-mode: test', 'tollgate-x: a');
    const names = Object.keys(requests[0]!.headers);
    expect(names.filter((name) => /^(x-consumer-role|x-tollgate-mode|tollgate)/.test(name))).toEqual([]);
  });

  it('never lets the key through, in no place that we read', async () => {
    const { requests } = await closed(
      `authorization: Bearer ${under.consumer.key}`,
      `x_api_key: ${under.consumer.key}`,
    );
    expect(JSON.stringify(requests)).not.toContain(under.consumer.key);
  });
});

describe('a field that is for one hop only', () => {
  it('does not pass: neither the known ones nor those that Connection names', async () => {
    const { requests } = await send(
      'connection: close, X-Hop ,\tx-other-hop\t',
      'x-hop: a',
      'x-other-hop: a',
      'keep-alive: timeout=5',
      'te: trailers',
      'trailer: x-a',
      'upgrade: h2c',
      'http2-settings: AAMAAABkAAQAAP__',
      'proxy-connection: keep-alive',
      'proxy-authorization: Basic eA==',
      'x-stays: b',
    );
    const { headers } = requests[0]!;
    expect(headers).toMatchObject({ 'x-stays': 'b', connection: 'keep-alive' });
    for (const name of ['x-hop', 'x-other-hop', 'keep-alive', 'te', 'trailer', 'upgrade', 'http2-settings'])
      expect(headers).not.toHaveProperty(name);
    for (const name of ['proxy-connection', 'proxy-authorization']) expect(headers).not.toHaveProperty(name);
  });

  it.each(['close\t', '\tclose', 'CLOSE', 'x,close', 'keep-alive, close', ' close ,'])(
    'ends the connection when it says so: %j',
    async (value) => {
      const { statuses, requests } = await send(`connection: ${value}`);
      expect(statuses).toEqual([200]);
      expect(requests).toHaveLength(1);
    },
  );

  it('may name thousands of fields', async () => {
    const names = Array.from({ length: 3_000 }, (_, index) => index.toString(36)).join(',');
    const { statuses } = await send(`connection: close,${names}`, ...Array.from({ length: 200 }, () => 'x: y'));
    expect(statuses).toEqual([200]);
  });
});

describe('a value that is passed on', () => {
  it('is the one that came, byte for byte', async () => {
    const value = 'a "b" \u00e9\u00ff, c; d=%0d%0a\\r\\n';
    const { requests } = await closed(`x-value:  ${value}\t `);
    expect(requests[0]!.headers['x-value']).toBe(value);
  });

  it('stays apart from others of its name', async () => {
    const { requests } = await closed('x-list: a', 'X-List: b', 'cookie: a=1', 'cookie: b=2');
    const { rawHeaders } = requests[0]!;
    const values = (name: string) => rawHeaders.filter((_, index) => rawHeaders[index - 1] === name);
    expect(values('x-list')).toEqual(['a', 'b']);
    expect(values('cookie')).toEqual(['a=1', 'b=2']);
  });
});
