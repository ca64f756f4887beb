import { afterEach, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';

let under: GatewayUnderTest;
afterEach(() => under.dispose());

const start = (version: object) =>
  startGatewayUnderTest({
    version: { state: 'deprecated', deprecatedAt: new Date('2026-05-01T12:00:00.900Z'), ...version },
    definition: { rateLimits: [{ name: 'burst', limit: 2, windowSeconds: 60 }] },
  });

describe('the answers of a deprecated version', () => {
  it('say since when it is, from when on it is switched off, and where to read what to do, in the place of the upstream', async () => {
    under = await start({ sunsetOn: '2027-03-31' });
    under.upstream.answer(200, '{}', {
      deprecation: '@1',
      sunset: 'Mon, 01 Jan 2029 00:00:00 GMT',
      link: '</next>; rel="next"',
    });
    const { status, headers } = await under.call('/things');
    const { slug } = under.catalog.api;
    const link = `<https://portal.test/docs/${slug}/changes?from=v1&to=latest>; rel="deprecation"; type="text/html"`;
    const said = { deprecation: '@1777636800', sunset: 'Wed, 31 Mar 2027 00:00:00 GMT' };
    expect([status, headers]).toEqual([
      200,
      expect.objectContaining({ ...said, link: `</next>; rel="next", ${link}` }),
    ]);

    await under.call('/things');
    const refused = await under.call('/things');
    expect([refused.status, refused.headers]).toEqual([429, expect.objectContaining({ ...said, link })]);
    const unknown = await call(`${under.url}/things`);
    expect([unknown.status, unknown.headers]).toEqual([401, expect.objectContaining(said)]);
  });

  it('name no day while none is known', async () => {
    under = await start({});
    const { headers } = await under.call('/things');
    expect(headers).toHaveProperty('deprecation');
    expect(headers).not.toHaveProperty('sunset');
  });

  it('say nothing of it while it is published, and pass on what the upstream says', async () => {
    under = await start({ state: 'published', deprecatedAt: null });
    expect(await under.call('/things').then(({ headers }) => Object.keys(headers))).not.toContain('deprecation');
    under.upstream.answer(200, '{}', { deprecation: '@1' });
    expect((await under.call('/things')).headers).toMatchObject({ deprecation: '@1' });
  });
});
