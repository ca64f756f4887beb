import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { pointUpstreamAt } from '../../support/upstream-place.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest({}, { allowsPrivateUpstreams: false });
});
afterAll(() => under.dispose());

describe('an upstream at an address where none may be', () => {
  it.each([
    ['this machine', () => under.upstream.url],
    ['this machine, by name', () => under.upstream.url.replace('127.0.0.1', 'localhost')],
    ['this machine, in octal', () => under.upstream.url.replace('127.0.0.1', '0177.0.0.1')],
    ['this machine, as one number', () => under.upstream.url.replace('127.0.0.1', '2130706433')],
    ['this machine, as a mapped address', () => under.upstream.url.replace('127.0.0.1', '[::ffff:127.0.0.1]')],
    ['the metadata of a cloud', () => 'http://169.254.169.254'],
  ])('is not connected to: %s', async (_name, url) => {
    await pointUpstreamAt(under, { url: url() });
    const answer = await under.call('/things');
    expect(answer.status).toBe(502);
    expect(answer.json()).toMatchObject({ code: 'upstream_refused' });
    expect(await under.eventOf(answer.headers['tollgate-request-id'])).toMatchObject({
      outcome: 'upstream_refused',
      billable: false,
      bytesOut: 0,
    });
    expect(under.upstream.requests).toEqual([]);
  });
});
