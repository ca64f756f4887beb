import { AddressRanges } from '#domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';

const claims = {
  'x-forwarded-for': '198.51.100.7, 10.0.0.2',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'sky.test',
  'x-forwarded-port': '1234',
  forwarded: 'for=1.1.1.1;host=evil.test',
  'x-real-ip': '1.1.1.1',
  x_real_ip: '1.1.1.1',
};

function forwarded({ upstream }: GatewayUnderTest): Record<string, unknown> {
  const headers = Object.entries(upstream.requests[0]!.headers);
  return Object.fromEntries(headers.filter(([name]) => /forwarded|real/.test(name)));
}

describe('a caller that is no proxy of ours', () => {
  let under: GatewayUnderTest;
  beforeAll(async () => {
    under = await startGatewayUnderTest();
  });
  afterAll(() => under.dispose());
  beforeEach(() => {
    under.upstream.requests.length = 0;
  });

  it('cannot say for whom it calls: everything about the way of the request is ours', async () => {
    await under.call('/things', { headers: claims });
    const host = new URL(under.origin).host;
    expect(forwarded(under)).toEqual({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': host,
      forwarded: `for=127.0.0.1;proto=http;host="${host}"`,
    });
  });

  it('adds nothing to the names that a consumer has, whatever it sends', async () => {
    const headers = { 'X-Consumer-Id': 'forged', 'x-tollgate-request-id': 'forged', via: '1.0 old' };
    const answer = await under.call('/things', { headers });
    expect(under.upstream.requests[0]!.headers).toMatchObject({
      'x-consumer-id': under.consumer.application.organizationId,
      'x-tollgate-request-id': answer.headers['tollgate-request-id'],
      via: '1.0 old, 1.1 tollgate',
    });
  });
});

describe('a proxy of ours', () => {
  it('says for whom it calls', async () => {
    const trustedForwarding = {
      proxies: AddressRanges.of(['127.0.0.0/8', '10.0.0.0/8']),
      header: 'x-forwarded-for' as const,
    };
    const under = await startGatewayUnderTest({}, { trustedForwarding });
    try {
      await under.call('/things', { headers: claims });
      expect(forwarded(under)).toEqual({
        'x-forwarded-for': '198.51.100.7, 10.0.0.2, 127.0.0.1',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'sky.test',
        forwarded: 'for=198.51.100.7;proto=https;host="sky.test", for=10.0.0.2, for=127.0.0.1',
      });
    } finally {
      await under.dispose();
    }
  });
});
