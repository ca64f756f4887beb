import { randomUUID } from 'node:crypto';
import { grantStaff } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { applyFile } from '../../support/weather-catalog.js';
import { type Person, RunningApi, applyWeatherCatalog } from './running-api.js';

const start = new Date('2026-01-31T10:00:00Z');
const actor = { kind: 'cli', id: null } as const;

interface Coupon {
  readonly id: string;
  readonly redeemed: number;
  readonly etag: string;
  readonly codes: readonly { readonly code: string; readonly archivedAt: string | null }[];
}

describe('coupons of a publisher', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let ada: Person;
  let bob: Person;
  beforeAll(async () => {
    database = await createTestDatabase(start.toISOString());
    api = await RunningApi.start(database);
    await applyWeatherCatalog(database);
    [ada, bob] = [await api.signUp('Ada'), await api.signUp('Bob')];
    await grantStaff(database.context, { email: ada.email, grant: { team: 'sky' }, actor });
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  const send = <Body = Coupon & { code: string; detail: string }>(
    method: string,
    address: string,
    body?: unknown,
    ifMatch = '*',
  ) =>
    api.call<Body>(`/api/v1/publisher/coupons${address}`, {
      as: ada,
      method,
      ...(body !== undefined && { body }),
      ...(method === 'PUT' && { headers: { 'if-match': ifMatch } }),
    });
  const spring = {
    publisher: 'sky',
    slug: 'spring',
    title: 'Spring sale',
    percentOff: '20',
    months: 3,
    codes: ['spring-26'],
  };

  it('are made with codes, bounded and archived, and are nobody else’s', async () => {
    const made = await send('POST', '', { ...spring, offers: ['weather/paid'] });
    expect(made).toMatchObject({
      status: 201,
      body: { percentOff: '20', amountOff: null, redeemed: 0, codes: [{ code: 'SPRING-26', archivedAt: null }] },
    });
    const { id } = made.body;
    expect((await send('POST', '', spring)).body.code).toBe('coupon_exists');
    expect((await send('POST', '', { ...spring, slug: 'other' })).body.code).toBe('coupon_code_taken');
    expect((await send('POST', '', { ...spring, slug: 'other', publisher: 'sea' })).body.code).toBe(
      'publisher_not_found',
    );
    expect((await send('POST', `/${id}/codes`, { code: 'EASTER' })).body.codes).toHaveLength(2);
    const archived = (what: string) => send('POST', `/${id}/codes/easter/${what}`);
    expect((await archived('archive')).body.codes[0]!.archivedAt).not.toBeNull();
    expect((await archived('restore')).body.codes[0]!.archivedAt).toBeNull();
    expect(await send('PUT', `/${id}`, { maxRedemptions: 5, expiresAt: '2026-06-01T00:00:00Z' })).toMatchObject({
      body: { maxRedemptions: 5, expiresAt: '2026-06-01T00:00:00.000Z', archivedAt: null },
    });
    expect(await send('PUT', `/${id}`, { maxRedemptions: 6 }, made.body.etag)).toMatchObject({
      status: 412,
      body: { code: 'changed_meanwhile' },
    });
    const { body } = await send<{ coupons: Coupon[] }>('GET', '');
    expect(body.coupons.map((one) => one.id)).toEqual([id]);
    const foreign = { as: bob, method: 'PUT', body: { isArchived: true }, headers: { 'if-match': '*' } };
    expect((await api.call(`/api/v1/publisher/coupons/${id}`, foreign)).status).toBe(403);
    expect((await send('PUT', `/${randomUUID()}`, {})).status).toBe(404);
  });

  it.each<[object, string]>([
    [{ percentOff: '0' }, 'percentOff'],
    [{ percentOff: null, amountOff: '5' }, 'currency'],
    [{ percentOff: null, amountOff: '0.001', currency: 'USD' }, 'amountOff'],
    [{ offers: ['weather/none'] }, 'offers'],
    [{ offers: ['../weather'] }, 'offers'],
    [{ codes: ['no blanks'] }, 'code'],
  ])('are refused with a fault, and the field: %o', async (change, field) => {
    const { status, body } = await send('POST', '', { ...spring, slug: 'faulty', codes: [], ...change });
    expect(status).toBe(400);
    expect(body.detail).toMatch(new RegExp(`^${field}: `));
  });

  it('take something off a subscription, first in its preview', async () => {
    const { body } = await api.call<{ products: { plans: { slug: string; version: { id: string } }[] }[] }>(
      '/api/v1/catalog/products',
    );
    const planVersionId = body.products[0]!.plans.find(({ slug }) => slug === 'free')!.version.id;
    await send('POST', '', { ...spring, slug: 'all', codes: ['ALL'] });
    const organization = `/api/v1/organizations/${bob.organizationId}`;
    const preview = (couponCode: string) =>
      api.call<{ code: string }>(`${organization}/subscriptions/preview`, {
        as: bob,
        body: { planVersionId, couponCode },
      });
    expect(await preview('all')).toMatchObject({
      status: 200,
      body: {
        coupon: { title: 'Spring sale', percentOff: '20', months: 3 },
        atStart: { lines: [], total: { amountMinor: '0' } },
        firstPeriod: { total: { amountMinor: '0' } },
      },
    });
    expect((await preview('spring-26')).body.code).toBe('coupon_not_for_plan');
    expect((await preview('nothing')).body.code).toBe('coupon_code_not_found');
    const { body: application } = await api.call<{ id: string }>(`${organization}/applications`, {
      as: bob,
      body: { name: 'Mine' },
    });
    const asked = { applicationId: application.id, planVersionId, couponCode: 'All' };
    expect(await api.call(`${organization}/subscriptions`, { as: bob, body: asked })).toMatchObject({
      status: 201,
      body: { coupon: { title: 'Spring sale', percentOff: '20', amountOff: null, months: 3 } },
    });
    expect((await preview('all')).body.code).toBe('coupon_redeemed');
    const { body: listed } = await send<{ coupons: (Coupon & { slug: string })[] }>('GET', '');
    const { id } = listed.coupons.find(({ slug }) => slug === 'all')!;
    expect(listed.coupons.map(({ redeemed }) => redeemed)).toEqual([1, 0]);
    await send('POST', `/${id}/codes`, { code: 'more' });
    expect((await send('PUT', `/${id}`, { isArchived: true })).body).toMatchObject({ redeemed: 1 });
    expect((await preview('more')).body.code).toBe('coupon_code_not_found');
  });

  it('are redeemed and removed while a subscription runs, by its organization and by the publisher', async () => {
    await send('POST', '', { ...spring, slug: 'later', title: 'Later', codes: ['LATER'] });
    const organization = `/api/v1/organizations/${bob.organizationId}/subscriptions`;
    const { body: listed } = await api.call<{ subscriptions: { id: string }[] }>(organization, { as: bob });
    const { id } = listed.subscriptions[0]!;
    const [own, published] = [`${organization}/${id}/coupon`, `/api/v1/publisher/subscriptions/${id}/coupon`];
    const post = <Body = { code: string }>(address: string, as: Person, body: unknown) =>
      api.call<Body>(address, { as, body });
    const code = { couponCode: 'later' };
    expect(await post(own, bob, code)).toMatchObject({ status: 409, body: { code: 'coupon_in_force' } });
    expect(await post(`${published}/remove`, ada, {})).toMatchObject({ status: 400 });
    expect(await post(`${published}/remove`, ada, { reason: 'Agreed by phone' })).toMatchObject({
      status: 200,
      body: { coupon: { until: '2026-02-28T10:00:00.000Z' } },
    });
    expect((await post(`${published}/remove`, bob, { reason: 'I may not' })).status).toBe(403);
    database.clock.moveTo('2026-03-01T10:00:00Z');
    for (const [address, as] of [
      [own, bob],
      [published, ada],
    ] as const)
      expect(await post(`${address}/preview`, as, code)).toMatchObject({
        status: 200,
        body: {
          coupon: { title: 'Later' },
          from: '2026-02-28T10:00:00.000Z',
          changed: { total: { amountMinor: '0' } },
          difference: { amountMinor: '0' },
        },
      });
    expect(await post(published, ada, code)).toMatchObject({
      status: 200,
      body: { coupon: { title: 'Later', from: '2026-02-28T10:00:00.000Z', until: '2026-05-31T10:00:00.000Z' } },
    });
    // Repeated, by whomever.
    expect(await post(own, bob, code)).toMatchObject({ status: 200, body: { coupon: { title: 'Later' } } });
    expect((await post(own, ada, code)).status).toBe(404);
  });

  it('are kept in the catalogue file too, where what they take off is fixed', async () => {
    const autumn = {
      slug: 'autumn',
      publisher: 'sky',
      title: 'Autumn',
      amountOff: '5.00',
      currency: 'USD',
      offers: ['weather'],
      codes: [{ code: 'autumn' }],
    };
    const apply = (change: object) => applyFile(database, { products: [], coupons: [{ ...autumn, ...change }] });
    expect(await apply({})).toMatchObject([{ action: 'create', noun: 'coupon', name: 'autumn' }]);
    expect(await apply({})).toEqual([]);
    const changed = { maxRedemptions: 9, codes: [{ code: 'AUTUMN', archived: true }, { code: 'FALL' }] };
    expect(await apply(changed)).toMatchObject([
      { action: 'update', fields: [{ field: 'maxRedemptions' }, { field: 'codes', to: ['AUTUMN', 'FALL'] }] },
    ]);
    expect(await apply(changed)).toEqual([]);
    for (const other of [{ amountOff: '6.00' }, { months: 2 }, { title: 'Fall' }, { offers: [] }])
      await expect(apply({ ...changed, ...other })).rejects.toMatchObject({
        code: 'coupon_fixed',
        message: expect.stringMatching(/^coupons\.sky\/autumn\.(amountOff|months|title|offers): /),
      });
    await expect(apply({ publisher: 'sea' })).rejects.toMatchObject({ code: 'publisher_unknown' });
  });
});
