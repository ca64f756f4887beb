import { randomUUID } from 'node:crypto';
import { closeDuePeriods, grantStaff, simulatePlan } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aSubscription, addUsage } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { applyFile, weatherProduct } from '../../support/weather-catalog.js';
import { type Person, RunningApi, applyWeatherCatalog } from './running-api.js';
import { routes } from './route-table.js';

const start = new Date('2026-01-31T10:00:00Z');
const actor = { kind: 'cli', id: null } as const;
const base = '/api/v1/publisher';

const tiers = [
  { upTo: '1000', unitAmount: '0.01', flatAmount: '0' },
  { upTo: null, unitAmount: '0.004', flatAmount: '5' },
];
const terms = {
  currency: 'USD',
  fixedFee: '10.00',
  trial: { days: 14, quotas: [{ name: 'trial', meter: 'requests', limit: 100 }] },
  prices: [{ meter: 'requests', included: '100', price: { model: 'graduated', tiers } }],
  quotas: [{ name: 'monthly', meter: 'requests', limit: 5000, enforcement: 'soft' }],
  rateLimits: [{ name: 'burst', limit: 10, windowSeconds: 1 }],
  billability: { cacheHit: { factor: 0.5 } },
};

interface Draft {
  readonly number: number;
  readonly terms: { readonly prices: readonly object[] };
  readonly differences: readonly { readonly path: string; readonly from: string | null; readonly to: string | null }[];
}
interface Plan {
  readonly id: string;
  readonly versions: readonly { readonly id: string; readonly state: string; readonly number: number }[];
}

describe('editing plans', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let ada: Person;
  let bob: Person;
  beforeAll(async () => {
    database = await createTestDatabase(start.toISOString());
    api = await RunningApi.start(database);
    await applyWeatherCatalog(database);
    await rows(`INSERT INTO publisher_team (id, slug, name, created_at) VALUES ($1, 'sea', 'Sea', $2)`, [
      randomUUID(),
      start,
    ]);
    [ada, bob] = [await api.signUp('Ada'), await api.signUp('Bob')];
    await grantStaff(database.context, { email: ada.email, grant: { team: 'sky' }, actor });
    await grantStaff(database.context, { email: bob.email, grant: { team: 'sea' }, actor });
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const send = <Body = { code: string; faults?: { path: string; message: string }[] }>(
    method: string,
    address: string,
    body?: unknown,
    ifMatch?: string | null,
  ) =>
    api.call<Body>(base + address, {
      as: ada,
      method,
      ...(body !== undefined && { body }),
      ...(ifMatch && { headers: { 'if-match': ifMatch } }),
    });
  const offered = async () => {
    const { body } = await api.call<{ products: { plans: { slug: string }[] }[] }>('/api/v1/catalog/products');
    return body.products.flatMap(({ plans }) => plans.map(({ slug }) => slug));
  };
  const created = async (slug: string) => {
    const body = { slug, title: slug, ...terms };
    return (await send<Plan>('POST', '/products/weather/plans', body)).body;
  };
  const tagOf = async (planId: string) => (await send('GET', `/plans/${planId}/draft`)).headers.get('etag');

  it('goes from nothing over a draft that nobody sees to a version that is fixed', async () => {
    const answer = await send<Plan>('POST', '/products/weather/plans', { slug: 'pro', title: 'Pro', ...terms });
    expect(answer).toMatchObject({ status: 201, body: { versions: [{ state: 'draft', number: 1 }] } });
    const { id } = answer.body;
    expect(await offered()).toEqual(['free', 'paid']);
    expect((await send('POST', '/products/weather/plans', { slug: 'pro', title: 'Pro', ...terms })).body.code).toBe(
      'plan_exists',
    );

    const draft = await send<Draft>('GET', `/plans/${id}/draft`);
    const tag = draft.headers.get('etag')!;
    expect(draft.body.terms).toMatchObject({ ...terms, billability: { cacheHit: { factor: '0.5' } } });
    const dearer = { ...draft.body.terms, fixedFee: '12.00' };
    expect((await send('PUT', `/plans/${id}/draft`, dearer)).status).toBe(428);
    expect(await send('PUT', `/plans/${id}/draft`, dearer, '"else"')).toMatchObject({
      status: 412,
      body: { code: 'plan_draft_changed' },
    });
    const replaced = await send<Draft>('PUT', `/plans/${id}/draft`, dearer, tag);
    expect(replaced).toMatchObject({ status: 200, body: { number: 1, terms: { fixedFee: '12.00' } } });

    expect((await send('POST', `/plans/${id}/draft/publish`, undefined, tag)).status).toBe(412);
    const published = await send<Plan>('POST', `/plans/${id}/draft/publish`, undefined, replaced.headers.get('etag')!);
    expect(published.body.versions).toMatchObject([
      { state: 'published', number: 1, definition: { fixedFee: '12.00' } },
    ]);
    expect(await offered()).toEqual(['free', 'paid', 'pro']);
    expect((await send('GET', `/plans/${id}/draft`)).body.code).toBe('plan_draft_not_found');
    await expect(rows(`DELETE FROM plan_version WHERE plan_id = $1`, [id])).rejects.toThrow('publish a new version');
    expect(
      await rows(
        `SELECT action, noun, noun_id FROM audit_log WHERE actor_id = $1 AND noun LIKE 'plan%'
             ORDER BY created_at, id`,
        [ada.userId],
      ),
    ).toEqual([
      { action: 'created', noun: 'plan', noun_id: 'weather/pro' },
      { action: 'created', noun: 'plan draft', noun_id: 'weather/pro@1' },
      { action: 'updated', noun: 'plan draft', noun_id: 'weather/pro@1' },
      { action: 'published', noun: 'plan version', noun_id: 'weather/pro@1' },
    ]);
  });

  it('continues from a version, says what publishing changes, and ends when it is retired', async () => {
    const { id } = await created('next');
    const { body } = await send<Plan>('POST', `/plans/${id}/draft/publish`, undefined, await tagOf(id));
    const from = { fromVersionId: body.versions[0]!.id };
    const draft = await send<Draft>('POST', `/plans/${id}/draft`, from);
    expect(draft).toMatchObject({ status: 201, body: { number: 2, differences: [] } });
    expect((await send('POST', `/plans/${id}/draft`, from)).body.code).toBe('plan_draft_exists');
    expect((await send('POST', `/plans/${id}/draft/publish`, undefined, '*')).body.code).toBe('plan_unchanged');
    const { trial: _trial, ...rest } = terms;
    const price = {
      ...terms.prices[0]!,
      price: { model: 'graduated', tiers: [{ ...tiers[0], upTo: '500' }, tiers[1]] },
    };
    const replaced = await send<Draft>('PUT', `/plans/${id}/draft`, { ...rest, prices: [price] }, '*');
    expect(replaced.body.differences).toEqual([
      { path: 'prices[requests].price.tiers[0].upTo', from: '1000', to: '500' },
      { path: 'trial.days', from: '14', to: null },
      { path: 'trial.quotas[trial].limit', from: '100', to: null },
      { path: 'trial.quotas[trial].meter', from: 'requests', to: null },
      { path: 'trial.quotas[trial].name', from: 'trial', to: null },
      { path: 'trial.withoutCard', from: 'cancel', to: null },
    ]);
    expect((await send<Plan>('POST', `/plans/${id}/retire`)).body.versions).toMatchObject([
      { state: 'draft', number: 2 },
      { state: 'retired', number: 1 },
    ]);
    expect((await send('POST', `/plans/${id}/retire`)).body.code).toBe('plan_not_published');
    expect(await offered()).not.toContain('next');
    expect((await send('DELETE', `/plans/${id}/draft`, undefined, '*')).status).toBe(204);
    expect((await send<Plan>('GET', `/plans/${id}`)).body.versions).toMatchObject([{ state: 'retired' }]);
  });

  it('is not rated by Stripe when Stripe computes the tax of its seller, too', async () => {
    const { id } = await created('metered');
    const tag = await tagOf(id);
    const metered = {
      currency: 'USD',
      rating: 'stripe',
      prices: [{ meter: 'requests', price: { model: 'per_unit', unitAmount: '0.01' } }],
    };
    const draft = await send<Draft>('PUT', `/plans/${id}/draft`, metered, tag);
    expect(draft).toMatchObject({ status: 200 });
    await rows(`UPDATE seller SET tax = 'provider'`);
    const publish = () => send('POST', `/plans/${id}/draft/publish`, undefined, draft.headers.get('etag')!);
    expect(await publish()).toMatchObject({ status: 409, body: { code: 'seller_tax_refused' } });
    expect(await offered()).not.toContain('metered');
    await rows(`UPDATE seller SET tax = 'own'`);
    expect((await publish()).status).toBe(200);
    expect((await send('POST', `/plans/${id}/retire`)).status).toBe(200);
  });

  it('says as what Stripe taxes a product, which a file changes only where it says so', async () => {
    const listed = async () => {
      const { body } = await send<{ products: { taxCode: string | null }[] }>('GET', '/products');
      return body.products.map(({ taxCode }) => taxCode);
    };
    const set = (taxCode: unknown) => send('PUT', '/products/weather/tax-code', { taxCode });
    expect(await listed()).toEqual([null]);
    expect(await set('txcd_10103001')).toMatchObject({ status: 200, body: { taxCode: 'txcd_10103001' } });
    expect(await set('10103001')).toMatchObject({ status: 400, body: { code: 'tax_code_invalid' } });
    const others = { as: bob, method: 'PUT', body: { taxCode: null } };
    expect((await api.call(`${base}/products/weather/tax-code`, others)).status).toBe(404);
    expect(await listed()).toEqual(['txcd_10103001']);
    const { body: shown } = await api.call<{ products: object[] }>('/api/v1/catalog/products');
    expect(shown.products[0]).not.toHaveProperty('taxCode');
    const applied = (parts: object) =>
      applyFile(database, { products: [weatherProduct(parts)] }, { dryRun: true }).then((changes) =>
        changes.flatMap(({ noun, fields }) => (noun === 'API product' ? fields.map(({ field }) => field) : [])),
      );
    expect(await applied({})).not.toContain('taxCode');
    expect(await applied({ taxCode: null })).toContain('taxCode');
    expect((await set(null)).status).toBe(200);
  });

  it('leaves nothing of a plan that was never published, and its name is free again', async () => {
    const { id } = await created('short');
    expect((await send('DELETE', `/plans/${id}/draft`, undefined, await tagOf(id))).status).toBe(204);
    expect((await send('GET', `/plans/${id}`)).status).toBe(404);
    expect((await created('short')).versions).toHaveLength(1);
  });

  it('is refused with every fault where it is, in the words in which a file is refused', async () => {
    const wrong = {
      ...terms,
      fixedFee: '10.005',
      prices: [{ ...terms.prices[0]!, price: { model: 'graduated', tiers: [tiers[1], tiers[0]] } }],
    };
    const faults = [
      { path: 'body.fixedFee', message: 'USD has 2 decimal places; "10.005" has more.' },
      { path: 'body.prices.0.price.tiers.0.upTo', message: 'Only the last tier is open (null).' },
      { path: 'body.prices.0.price.tiers.1.upTo', message: 'The last tier must be open (null).' },
    ];
    const { id } = await created('wrong');
    for (const [method, address, body] of [
      ['PUT', `/plans/${id}/draft`, wrong],
      ['POST', '/products/weather/plans', { slug: 'other', title: 'Other', ...wrong }],
      ['POST', '/products/weather/plan-preview', wrong],
    ] as const)
      expect(await send(method, address, body, '*')).toMatchObject({
        status: 400,
        body: { code: 'plan_invalid', faults },
      });
    const text = faults.map(
      ({ path, message }) =>
        `  products.weather.plans.wrong.${path.replace('body.', '').replace(/\.(\d)/g, '[$1]')}: ${message}`,
    );
    await expect(applyPlan({ slug: 'wrong', title: 'wrong', ...wrong })).rejects.toThrow(text.join('\n'));
    const unreadable = { ...terms, prices: [{ ...terms.prices[0]!, included: 'many' }] };
    expect((await send('PUT', `/plans/${id}/draft`, unreadable, '*')).body.faults).toMatchObject([
      { path: 'body.prices.0.included' },
    ]);
    expect(
      (await send('PATCH', `/plans/${id}`, { visibility: 'invited', invited: ['nobody'] }, '*')).body,
    ).toMatchObject({
      code: 'organization_unknown',
      faults: [{ path: 'body.invited' }],
    });
  });

  it('is the plan of a file that says the same: applying that one changes nothing', async () => {
    const { id } = await created('same');
    await send('POST', `/plans/${id}/draft/publish`, undefined, '*');
    expect(await applyPlan({ slug: 'same', title: 'same', ...terms })).toEqual([]);
    const seen = (await send('GET', `/plans/${id}`)).headers.get('etag')!;
    const changed = await send('PATCH', `/plans/${id}`, { title: 'Same', visibility: 'private' }, seen);
    expect(changed).toMatchObject({ status: 200, body: { title: 'Same', visibility: 'private', invited: [] } });
    const again = { title: 'Other' };
    expect((await send('PATCH', `/plans/${id}`, again, seen)).status).toBe(412);
    expect((await send('PATCH', `/plans/${id}`, again, changed.headers.get('etag')!)).status).toBe(200);
    expect(await offered()).not.toContain('same');
  });

  it('is priced where its price changes as its version is estimated', async () => {
    interface Preview {
      readonly monthlyFee: { readonly formatted: string };
      readonly meters: readonly {
        readonly examples: readonly { readonly quantity: string; readonly amount: { readonly amountMinor: string } }[];
        readonly curve: readonly { readonly quantity: string; readonly amountMinor: string }[];
      }[];
    }
    const { body } = await send<Preview>('POST', '/products/weather/plan-preview', terms);
    expect(body.monthlyFee.formatted).toBe('$10.00');
    const { examples, curve } = body.meters[0]!;
    expect(examples.map(({ quantity, amount }) => [quantity, amount.amountMinor])).toEqual([
      ['0', '0'],
      ['100', '0'],
      ['101', '1'],
      ['1100', '1000'],
      ['1101', '1500'],
      ['2200', '1940'],
    ]);
    expect(curve.at(-1)).toEqual({ quantity: '2200', amountMinor: '1940' });
    const { versions } = await created('priced');
    for (const { quantity, amount } of examples) {
      const estimated = await send<{ subtotal: { amountMinor: string } }>(
        'POST',
        `/plan-versions/${versions[0]!.id}/estimate`,
        { quantities: { requests: quantity } },
      );
      expect(estimated.body.subtotal.amountMinor).toBe(String(1000n + BigInt(amount.amountMinor)));
    }
  });

  it('is simulated on the usage of its subscribers', async () => {
    const subscription = await aSubscription(database, { organizationName: 'Eve Ltd' });
    await rows(
      `INSERT INTO publisher_team_member (publisher_team_id, user_id, created_at)
       SELECT publisher_team_id, $2, $3 FROM api_product WHERE id = $1`,
      [subscription.apiProductId, ada.userId, start],
    );
    await addUsage(database, subscription, { at: new Date('2026-02-01T00:00:00Z'), quantity: '1200' });
    database.clock.moveTo(new Date('2026-02-28T12:00:00Z'));
    await closeDuePeriods(database.context, { graceMs: 3_600_000 });
    const [plan] = await rows<{ id: string }>('SELECT id FROM plan WHERE api_product_id = $1', [
      subscription.apiProductId,
    ]);
    const span = { from: start.toISOString(), to: '2026-03-31T00:00:00Z' };
    const address = `/plans/${plan!.id}/draft`;
    expect((await send('POST', `${address}/simulate`, span)).body.code).toBe('plan_draft_not_found');
    await send('POST', address, { fromVersionId: subscription.planVersionId });
    await send('PUT', address, terms, '*');
    const simulated = await send('POST', `${address}/simulate`, span);
    const named = { organizationName: 'Eve Ltd', difference: { amountMinor: '1440' } };
    expect(simulated.body).toMatchObject({
      periods: 1,
      charged: { amountMinor: '1200' },
      // 10.00, a thousand at a cent and 5.00 + 100 at 0.4 cents.
      simulated: { amountMinor: '2540' },
      winnerCount: 0,
      losers: [{ ...named, difference: { amountMinor: '1340' } }],
    });
    const same = await simulatePlan(database.context, {
      product: subscription.product,
      plan: 'pro',
      definition: null,
      from: new Date(span.from),
      to: new Date(span.to),
    });
    expect(same.simulatedMinor).toBe(2540n);
    expect((await send('POST', `${address}/simulate`, { from: span.to, to: span.from })).body.faults).toMatchObject([
      { path: 'body.to' },
    ]);
  });

  it('answers another team as if there were no such plan', async () => {
    const { id: planId } = await created('secret');
    const bodies: Readonly<Record<string, unknown>> = {
      createPlan: { slug: 'mine', title: 'Mine', ...terms },
      previewPlan: terms,
      changePlanOffer: { title: 'Mine' },
      setTaxCode: { taxCode: null },
      createPlanDraft: { fromVersionId: randomUUID() },
      replacePlanDraft: terms,
      simulatePlanDraft: { from: start.toISOString(), to: '2026-03-31T00:00:00Z' },
    };
    const own = routes.filter(({ name }) => name.startsWith('PlanEditorController.'));
    expect(own.length).toBeGreaterThan(9);
    for (const { method, path, name } of own) {
      const body = bodies[name.split('.')[1]!];
      const ask = async (ids: Readonly<Record<string, string>>) => {
        const address = path.replace(/\{(\w+)\}/g, (_, parameter: string) => ids[parameter]!);
        const answer = await api.call<{ code: string }>(address, {
          as: bob,
          method,
          headers: { 'if-match': '*' },
          ...(body !== undefined && { body }),
        });
        return [name, answer.status, answer.body.code];
      };
      const foreign = await ask({ product: 'weather', planId });
      expect(foreign[1]).toBe(404);
      expect(foreign).toEqual(await ask({ product: 'nothing', planId: randomUUID() }));
    }
  });

  it('has the operations and features that it names, and the catalogue, the documentation and subscribers say so', async () => {
    const misnamed = { currency: 'USD', entitlements: { operations: { allow: ['getNow', 'getYears'] } } };
    expect((await send('POST', '/products/weather/plan-preview', misnamed)).body).toMatchObject({
      code: 'plan_invalid',
      faults: [
        {
          path: 'body.entitlements.operations.allow.1',
          message: 'no API of the product has an operation "getYears"; the nearest is "getYear".',
        },
      ],
    });
    const { id: wrongId } = await created('misnamed');
    await expect(applyPlan({ slug: 'misnamed', title: 'Misnamed', ...misnamed })).rejects.toThrow(
      'products.weather.plans.misnamed.entitlements.operations.allow[1]: no API of the product has an operation "getYears"',
    );
    await send('DELETE', `/plans/${wrongId}/draft`, undefined, '*');

    const features = { seats: 5, sso: true, support: 'priority' };
    const limited = { currency: 'USD', entitlements: { operations: { deny: ['tag:archive'] }, features } };
    const plan = (await send<Plan>('POST', '/products/weather/plans', { slug: 'lite', title: '*Lite*', ...limited }))
      .body;
    const published = await send<Plan>('POST', `/plans/${plan.id}/draft/publish`, undefined, '*');
    expect(await applyPlan({ slug: 'lite', title: '*Lite*', ...limited })).toEqual([]);
    interface Offered {
      readonly slug: string;
      readonly version: { readonly operations: unknown; readonly definition: { readonly entitlements?: unknown } };
    }
    const { body: product } = await api.call<{ plans: readonly Offered[] }>('/api/v1/catalog/products/weather');
    expect(product.plans.find(({ slug }) => slug === 'lite')!.version).toMatchObject({
      operations: { total: 2, included: [{ operation: 'getNow', method: 'GET', template: '/now' }] },
      definition: { entitlements: limited.entitlements },
    });
    expect(product.plans.find(({ slug }) => slug === 'paid')!.version.operations).toBeNull();

    interface Document {
      readonly paths: Readonly<Record<string, { readonly get: Readonly<Record<string, unknown>> }>>;
    }
    const document = await api.call<Document>('/api/v1/apis/weather/versions/v2/openapi.json');
    const year = document.body.paths['/archive/{year}']!.get;
    expect(year['x-plans']).not.toContain('*Lite*');
    expect(year['description']).toMatch(/^\*\*In plans: free, paid(, \w+)*\.\*\*\n\nA whole year\.$/);
    expect(document.body.paths['/now']!.get).not.toHaveProperty('x-plans');

    const own = `/api/v1/organizations/${ada.organizationId}`;
    const post = (address: string, body: unknown) =>
      api.call<{ id: string }>(own + address, { as: ada, method: 'POST', body });
    const { id: applicationId } = (await post('/applications', { name: 'Barometer' })).body;
    const planVersionId = published.body.versions[0]!.id;
    const { id: subscriptionId } = (await post('/subscriptions', { applicationId, planVersionId })).body;
    const address = `${own}/subscriptions/${subscriptionId}/entitlements`;
    const { status, body } = await api.call<{ operations: { version: string }[] }>(address, { as: ada });
    expect([status, body]).toMatchObject([
      200,
      { subscriptionId, planVersionId, plan: { slug: 'lite', versionNumber: 1 }, features },
    ]);
    const operation = (name: string, path: string, included: boolean, tags: string[] = []) =>
      ['v2', 'v1'].map((version) => ({
        api: 'weather',
        version,
        method: 'GET',
        path: `/weather/${version}${path}`,
        operation: name,
        tags,
        included,
      }));
    expect(body.operations.toSorted((one, other) => other.version.localeCompare(one.version))).toEqual(
      [operation('getNow', '/now', true), operation('getYear', '/archive/{year}', false, ['archive'])]
        .flat()
        .toSorted((one, other) => other.version.localeCompare(one.version)),
    );
    expect((await api.call(address, { as: bob })).status).toBe(404);
  });

  /** Applies a file with this plan and the other parts as they are, without writing; what it would change of plans. */
  async function applyPlan(plan: Readonly<Record<string, unknown>>): Promise<string[]> {
    const plans = [{ position: await positionOf(String(plan['slug'])), ...plan }];
    const changes = await applyFile(database, { products: [weatherProduct({ plans })] }, { dryRun: true });
    return changes.filter(({ noun }) => noun.startsWith('plan')).map(({ noun, name }) => `${noun} ${name}`);
  }

  async function positionOf(slug: string): Promise<number> {
    const [row] = await rows<{ position: number }>('SELECT position FROM plan WHERE slug = $1', [slug]);
    return row!.position;
  }
});
