import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../../support/gateway.js';
import { attack } from './attack.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest();
});
afterAll(() => under.dispose());

const chunked = (body: string) =>
  [
    `POST ${under.catalog.version.basePath}/things HTTP/1.1`,
    'host: a',
    `x-api-key: ${under.consumer.key}`,
    'transfer-encoding: chunked',
    'connection: close',
    '',
    body,
  ].join('\r\n');

describe('a chunk that can be read in two ways', () => {
  it.each<[string, string]>([
    ['a sign', '+5\r\nhello\r\n0\r\n\r\n'],
    ['a minus', '-5\r\nhello\r\n0\r\n\r\n'],
    ['a prefix', '0x5\r\nhello\r\n0\r\n\r\n'],
    ['a blank after the size', '5 \r\nhello\r\n0\r\n\r\n'],
    ['a blank before the size', ' 5\r\nhello\r\n0\r\n\r\n'],
    ['an empty size', '\r\nhello\r\n0\r\n\r\n'],
    ['a size beyond 64 bits', '10000000000000005\r\nhello\r\n0\r\n\r\n'],
    ['a bare line feed after the size', '5\nhello\r\n0\r\n\r\n'],
    ['a bare carriage return after the size', '5\rhello\r\n0\r\n\r\n'],
    ['a bare line feed after an extension', '5;a\nhello\r\n0\r\n\r\n'],
    ['a bare carriage return in an extension', '5;a\rb\r\nhello\r\n0\r\n\r\n'],
    ['no line end after the data', '5\r\nhelloXX0\r\n\r\n'],
    ['a bare line feed after the data', '5\r\nhello\n0\r\n\r\n'],
    ['data that is longer than its size', '2\r\nhello\r\n0\r\n\r\n'],
    ['a null byte in the size', '5\0\r\nhello\r\n0\r\n\r\n'],
    ['an underscore in the size', '0_5\r\nhello\r\n0\r\n\r\n'],
    ['a trailer with a length', '5\r\nhello\r\n0\r\ncontent-length: 7\r\n\r\n'],
    ['a trailer with a coding', '5\r\nhello\r\n0\r\ntransfer-encoding: chunked\r\n\r\n'],
    ['a trailer with a blank before its colon', '5\r\nhello\r\n0\r\nx-a : b\r\n\r\n'],
    ['extensions without end', `5;${'a'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n`],
    ['trailers without end', `5\r\nhello\r\n0\r\nx-a: ${'a'.repeat(40_000)}\r\n\r\n`],
  ])('breaks the request off, here and at the upstream: %s', async (_name, body) => {
    const { statuses, requests, received } = await attack(under, chunked(body));
    expect(received).not.toContain('"ok":true');
    expect(statuses.every((status) => status >= 400)).toBe(true);
    expect(statuses.length).toBeLessThanOrEqual(1);
    expect(requests.length).toBeLessThanOrEqual(1);
  });
});

describe('a chunked body that is sound', () => {
  it('loses its extensions and trailers on the way', async () => {
    const { statuses, requests } = await attack(
      under,
      chunked('5;a=b;c="d"\r\nhello\r\n0\r\nx-consumer-id: forged\r\nx-trailer: a\r\nauthorization: b\r\n\r\n'),
    );
    expect(statuses).toEqual([200]);
    expect(requests).toMatchObject([{ body: 'hello' }]);
    const { headers } = requests[0]!;
    expect(headers['x-consumer-id']).toBe(under.consumer.application.organizationId);
    expect(headers).not.toHaveProperty('x-trailer');
    expect(headers).not.toHaveProperty('authorization');
    expect(headers).not.toHaveProperty('trailer');
  });

  it('may come a byte at a time', async () => {
    const body = 'hello world';
    const { requests } = await attack(
      under,
      chunked(
        body
          .split('')
          .map((letter) => `1\r\n${letter}\r\n`)
          .join('') + '0\r\n\r\n',
      ),
    );
    expect(requests).toMatchObject([{ body }]);
  });
});
