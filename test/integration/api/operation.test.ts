import { createHmac } from 'node:crypto';
import net from 'node:net';
import { forgetWorker, grantStaff, reportWorker } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { type Person, RunningApi, applyWeatherCatalog } from './running-api.js';

const CLI = { kind: 'cli', id: null } as const;

describe('running the installation', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let staff: Person;
  beforeAll(async () => {
    database = await createTestDatabase();
    api = await RunningApi.start(database);
    await applyWeatherCatalog(database);
    staff = await api.signUp('Staff');
    for (const grant of [{ role: 'finance' }, { role: 'operator' }, { team: 'sky' }] as const) {
      await grantStaff(database.context, { email: staff.email, grant, actor: CLI });
    }
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });
  const get = <Body>(address: string) => api.call<Body>(`/api/v1${address}`, { as: staff });

  it('says that it is alive and ready', async () => {
    expect((await api.call('/healthz')).body).toEqual({ status: 'ok' });
    expect((await api.call('/readyz')).body).toEqual({ status: 'ok' });
  });

  it('tells a browser what it must know', async () => {
    expect((await api.call('/api/v1/settings')).body).toEqual({
      portalName: 'Tollgate',
      tagline: null,
      supportUrl: null,
      privacyUrl: null,
      legalNoticeUrl: null,
      gatewayUrl: 'http://localhost:4080',
      inbox: false,
      identityProvider: null,
      terms: null,
      timeMachine: false,
      simulatedPayments: true,
      now: database.clock.now().toISOString(),
    });
  });

  it('shows a person’s roles in the session', async () => {
    expect((await get('/session')).body).toMatchObject({
      staffRoles: ['finance', 'operator'],
      publisherTeams: [{ slug: 'sky', name: 'Sky' }],
    });
  });

  it('lists what was done, with the address of who did it', async () => {
    const { entries } = (
      await get<{ entries: { actor: string; action: string; subject: string }[] }>('/operator/audit-log')
    ).body;
    expect(entries[0]).toMatchObject({ actor: 'cli', action: 'granted' });
    expect(entries).toContainEqual(
      expect.objectContaining({
        actor: staff.email,
        action: 'created',
        subject: `organization ${staff.organizationId}`,
        organizationId: staff.organizationId,
      }),
    );
    const found = async (query: string) =>
      (await get<{ entries: { action: string; details: object }[] }>(`/operator/audit-log?${query}`)).body.entries;
    const grants = await found('noun=staff%20role&limit=2');
    expect(grants.map(({ action }) => action)).toEqual(['granted', 'granted']);
    expect(grants[0]!.details).toEqual({ userId: expect.any(String) as string });
    expect(await found(`noun=staff_role&organizationId=${staff.organizationId}`)).toEqual([]);
    const own = await found(`actor=${staff.email.slice(0, 9).toUpperCase()}&organizationId=${staff.organizationId}`);
    expect(own.map(({ action }) => action)).toEqual(['created']);
    expect((await get('/operator/audit-log?organisation=1')).status).toBe(400);
  });

  it('shows publishers their own products, with subscriptions and their use in the current period', async () => {
    const own = `/organizations/${staff.organizationId}`;
    const product = (
      await get<{ products: { subscriptionCount: number; plans: { slug: string; version: { id: string } }[] }[] }>(
        '/publisher/products',
      )
    ).body.products[0]!;
    expect(product).toMatchObject({
      slug: 'weather',
      subscriptionCount: 0,
      plans: [
        { slug: 'free', free: true },
        { slug: 'paid', free: false },
      ],
    });
    const created = await api.call<{ id: string }>(`/api/v1${own}/applications`, { as: staff, body: { name: 'Mine' } });
    const body = { applicationId: created.body.id, planVersionId: product.plans[0]!.version.id };
    expect((await api.call(`/api/v1${own}/subscriptions`, { as: staff, body })).status).toBe(201);
    expect((await get('/publisher/products')).body).toMatchObject({ products: [{ subscriptionCount: 1 }] });
    expect((await get('/publisher/subscriptions')).body).toMatchObject({
      subscriptions: [
        { organization: { name: 'Staff Ltd' }, meters: [{ slug: 'requests', unit: 'request', quantity: '0' }] },
      ],
      next: null,
    });
  });

  it('shows publishers their subscriptions page by page, by state, and by a part of a name in any case', async () => {
    const own = `/api/v1/organizations/${staff.organizationId}`;
    const [free] = (await get<{ products: { plans: { version: { id: string } }[] }[] }>('/publisher/products')).body
      .products[0]!.plans;
    for (const name of ['100 % Second', 'Third']) {
      const created = await api.call<{ id: string }>(`${own}/applications`, { as: staff, body: { name } });
      const body = { applicationId: created.body.id, planVersionId: free!.version.id };
      expect((await api.call(`${own}/subscriptions`, { as: staff, body })).status).toBe(201);
    }
    const page = async (query: string) => {
      type Page = { subscriptions: { application: { name: string } }[]; next: string | null };
      const { body } = await get<Page>(`/publisher/subscriptions?${query}`);
      return { names: body.subscriptions.map(({ application }) => application.name), next: body.next };
    };
    const first = await page('limit=2');
    expect(first).toEqual({ names: ['Third', '100 % Second'], next: expect.any(String) });
    expect(await page(`limit=2&before=${first.next}`)).toEqual({ names: ['Mine'], next: null });
    expect((await page('name=%25%20sec')).names).toEqual(['100 % Second']);
    expect((await page('name=STAFF')).names).toHaveLength(3);
    expect((await page('name=nobody')).names).toEqual([]);
    expect((await page('state=active')).names).toHaveLength(3);
    expect((await page('state=canceled')).names).toEqual([]);
    expect((await get('/publisher/subscriptions?state=past_due')).status).toBe(400);
  });

  it('shows gateways with how far the ledger has their journal without a gap', async () => {
    const at = database.clock.now();
    await database.unitOfWork.inSystem(async (transaction) => {
      await transaction.query(
        `INSERT INTO gateway (id, epoch, state, started_at, heartbeat_at, admitted_through, sealed_segment, snapshot_number)
         VALUES ('gateway-1', 7, 'running', $1, $1, $1, 5, 9)`,
        [at],
      );
      for (const segment of [1, 2, 4]) {
        await transaction.query(
          `INSERT INTO segment_manifest (gateway_id, epoch, segment, event_count, quantity_sums, content_hash, digests, seal, attempt, acknowledged_at)
           VALUES ('gateway-1', 7, $1, 0, '{}', '', '', '', 1, $2)`,
          [segment, at],
        );
      }
    });
    expect((await get('/operator/gateways')).body).toEqual({
      gateways: [
        {
          id: 'gateway-1',
          epoch: 7,
          state: 'running',
          heartbeatAt: at.toISOString(),
          admittedThrough: at.toISOString(),
          sealedSegment: 5,
          acknowledgedSegment: 2,
          snapshotNumber: 9,
          softwareVersion: null,
        },
      ],
      next: null,
    });
  });

  it('tells operators what is wrong, and which workers there are', async () => {
    interface Health {
      readonly findings: readonly { readonly code: string; readonly severity: string }[];
      readonly workers: readonly object[];
    }
    const findings = async () => (await get<Health>('/operator/health')).body.findings;
    // Of the gateway above, three segments are not here, which is no fault yet.
    expect(await findings()).toMatchObject([{ code: 'no_worker', severity: 'critical' }, { code: 'version_differs' }]);
    const startedAt = database.clock.now();
    await reportWorker(database.context, { id: 'machine-1', softwareVersion: '0.0.1', startedAt });
    expect((await get<Health>('/operator/health')).body.workers).toEqual([
      {
        id: 'machine-1',
        softwareVersion: '0.0.1',
        startedAt: startedAt.toISOString(),
        heartbeatAt: startedAt.toISOString(),
        isSilent: false,
      },
    ]);
    expect(await findings()).toMatchObject([{ code: 'version_differs' }, { code: 'version_differs' }]);
    await forgetWorker(database.context, 'machine-1');
    expect((await get<Health>('/operator/health')).body.workers).toEqual([]);
    expect((await api.call('/api/v1/operator/health', { as: await api.signUp('Nobody') })).status).toBe(403);
  });

  it('tells anybody how the service is, as of two seconds ago at most', async () => {
    const read = async () => (await api.call('/api/v1/status')).body;
    const change = (sql: string) => database.unitOfWork.inSystem((transaction) => transaction.query(sql));
    const at = database.clock.now().toISOString();
    expect(await read()).toEqual({ calls: 'operational', usage: 'operational', at });
    await change(`UPDATE gateway SET state = 'stopped', sealed_segment = 25`);
    expect(await read()).toEqual({ calls: 'operational', usage: 'operational', at });
    await eventually(read, (body) => JSON.stringify(body).includes('degraded'));
    expect(await read()).toEqual({ calls: 'down', usage: 'degraded', at });
  });

  it('has empty books before anything was sold', async () => {
    expect((await get('/finance/invoices')).body).toEqual({ invoices: [], next: null });
    const csv = await get('/finance/invoices.csv');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="invoices.csv"');
    expect(csv.text).toMatch(/^invoice_number,/);
    expect((await get('/finance/periods?state=issued')).body).toEqual({ periods: [], next: null });
    expect(await api.call('/api/v1/finance/periods/close', { as: staff, body: {} })).toMatchObject({
      status: 200,
      body: { closed: [], held: [] },
    });
  });

  it('does not move the clock without the time machine', async () => {
    const answer = await api.call('/api/v1/operator/clock', { as: staff, body: { to: '2027-01-01T00:00:00Z' } });
    expect(answer).toMatchObject({ status: 409, body: { code: 'clock_not_movable' } });
  });

  it('has no inbox when mail is real', async () => {
    expect((await api.call('/api/v1/inbox/messages')).status).toBe(404);
  });

  it('computes what a plan costs with the code that makes invoices', async () => {
    const { body } = await api.call<{ plans: { slug: string; version: { id: string } }[] }>(
      '/api/v1/catalog/products/weather',
    );
    const paid = body.plans.find(({ slug }) => slug === 'paid')!.version.id;
    const estimate = await api.call(`/api/v1/catalog/plan-versions/${paid}/estimate`, {
      body: { quantities: { requests: '12345' } },
    });
    // 12,345 units at a tenth of a cent are $12.345, rounded half away from zero.
    expect(estimate.body).toMatchObject({
      subtotal: { amountMinor: '1235', currency: 'USD', formatted: '$12.35' },
      lines: [{ kind: 'usage', meter: 'requests', quantity: '12345', breakdown: [{ amount: '12.345' }] }],
    });
    const refused = await api.call(`/api/v1/catalog/plan-versions/${paid}/estimate`, {
      body: { quantities: { requests: '-1' } },
    });
    expect(refused).toMatchObject({ status: 400, body: { faults: [{ path: 'body.quantities.requests' }] } });
  });

  it('lets an admin give roles and places and take them away, and always keeps an admin', async () => {
    const [admin, zoe] = [await api.signUp('Admin'), await api.signUp('Zoe')];
    const users = '/api/v1/operator/users';
    expect((await get('/operator/users')).status).toBe(403);
    await grantStaff(database.context, { email: admin.email, grant: { role: 'admin' }, actor: CLI });
    const change = (method: string, address: string, userId = zoe.userId) =>
      api.call<{ staffRoles: string[]; publisherTeams: { slug: string }[]; code?: string }>(
        `${users}/${userId}${address}`,
        { as: admin, method },
      );
    const finance = () => api.call('/api/v1/finance/accounts', { as: zoe });
    expect((await finance()).status).toBe(403);
    expect((await change('PUT', '/staff-roles/finance')).body.staffRoles).toEqual(['finance']);
    expect((await finance()).status).toBe(200);
    expect((await change('PUT', '/publisher-teams/sky')).body.publisherTeams).toMatchObject([{ slug: 'sky' }]);
    expect(
      (await api.call<{ products: unknown[] }>('/api/v1/publisher/products', { as: zoe })).body.products,
    ).toHaveLength(1);
    const add = (team: object, as = admin) =>
      api.call<{ code?: string; faults?: object[] }>('/api/v1/operator/publisher-teams', { as, body: team });
    expect((await add({ slug: 'sea', name: 'Sea' }, zoe)).status).toBe(403);
    expect((await add({ slug: 'sea', name: 'Sea' })).status).toBe(201);
    expect((await change('PUT', '/publisher-teams/sea')).body.publisherTeams).toHaveLength(2);
    await change('DELETE', '/publisher-teams/sea');
    expect((await add({ slug: 'sea', name: 'Another' })).body.code).toBe('publisher_team_exists');
    expect((await add({ slug: 'ice', name: 'Ice', seller: 'nobody' })).body.code).toBe('seller_unknown');
    expect((await add({ slug: 'In The Sea', name: 'Sea' })).body.faults).toMatchObject([{ path: 'body.slug' }]);
    expect(await change('PUT', '/publisher-teams/none')).toMatchObject({
      status: 404,
      body: { code: 'publisher_not_found' },
    });
    expect(await change('PUT', '/staff-roles/finance', 'nobody')).toMatchObject({
      status: 404,
      body: { code: 'user_not_found' },
    });
    expect((await change('DELETE', '/staff-roles/finance')).body.staffRoles).toEqual([]);
    expect((await finance()).status).toBe(403);
    await change('DELETE', '/publisher-teams/sky');
    expect((await api.call('/api/v1/publisher/products', { as: zoe })).status).toBe(403);
    // Two admins who take the role from each other at once.
    await change('PUT', '/staff-roles/admin');
    const taken = await Promise.all([
      change('DELETE', '/staff-roles/admin', zoe.userId),
      api.call(`${users}/${admin.userId}/staff-roles/admin`, { as: zoe, method: 'DELETE' }),
    ]);
    expect(taken.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
    const left = taken[0].status === 200 ? admin : zoe;
    const last = await api.call(`${users}/${left.userId}/staff-roles/admin`, { as: left, method: 'DELETE' });
    expect(last).toMatchObject({ status: 409, body: { code: 'last_admin' } });
    type Users = { users: { email: string; staffRoles: string[] }[]; next: string | null };
    const first = await api.call<Users>(`${users}?search=EXAMPLE&limit=1`, { as: left });
    expect(first.body).toMatchObject({ users: [{ email: admin.email }], next: admin.email });
    const rest = await api.call<Users>(`${users}?after=${first.body.next}&staff=true`, { as: left });
    expect(rest.body.users.map(({ email }) => email)).toContain(staff.email);
    const log = await get<{ entries: { action: string; subject: string; actor: string }[] }>('/operator/audit-log');
    expect(log.body.entries).toContainEqual(
      expect.objectContaining({ action: 'revoked', subject: 'staff role finance', actor: admin.email }),
    );
  });

  it('takes a signed webhook once, and refuses a forged or altered one', async () => {
    const payload = {
      id: 'evt_1',
      object: 'event',
      type: 'invoice.paid',
      created: 1_763_800_000,
      data: { object: { id: 'in_1', object: 'invoice' } },
    };
    const text = JSON.stringify(payload);
    const timestamp = Math.floor(Date.now() / 1000);
    const signature = createHmac('sha256', 'whsec_test_secret').update(`${timestamp}.${text}`).digest('hex');
    const send = (body: string, header = `t=${timestamp},v1=${signature}`) =>
      fetch(`${api.url}/api/webhooks/stripe`, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': header },
        body,
      });
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(text)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await answers[0]!.json()).toEqual({ received: true });
    const forged = await send(text.replace('in_1', 'in_2'));
    expect([forged.status, await forged.json()]).toMatchObject([400, { code: 'webhook_signature' }]);
    const rows = await database.unitOfWork.inSystem((transaction) =>
      transaction.query('SELECT event_id FROM webhook_inbox'),
    );
    expect(rows).toEqual([{ event_id: 'evt_1' }]);
  });

  it('refuses changes on behalf of another site’s page', async () => {
    const body = { name: 'CSRF' };
    const address = `/api/v1/organizations/${staff.organizationId}/applications`;
    const send = (headers: Record<string, string>) =>
      fetch(api.url + address, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie: staff.cookie, ...headers },
        body: JSON.stringify(body),
      });
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, {}] as Record<string, string>[]) {
      const refused = await send(headers);
      expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'forbidden' }]);
    }
    expect((await send({ origin: 'http://127.0.0.1:4000' })).status).toBe(201);
  });

  it.each([
    ['malformed JSON', '{', 'application/json', 400],
    ['another media type', 'name=x', 'text/plain', 415],
    ['a body beyond a megabyte', `{"name":"${'x'.repeat(1_100_000)}"}`, 'application/json', 413],
  ])('refuses %s with a problem document', async (_what, body, contentType, status) => {
    const answer = await fetch(`${api.url}/api/v1/organizations/${staff.organizationId}/applications`, {
      method: 'POST',
      headers: { 'content-type': contentType, cookie: staff.cookie, origin: 'http://localhost:4000' },
      body,
    });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
  });
});

describe('stopping', () => {
  it('comes to its end, although a connection hangs', async () => {
    const database = await createTestDatabase();
    const api = await RunningApi.start(database);
    const { hostname, port } = new URL(api.url);
    const socket = net.connect(Number(port), hostname);
    socket.on('error', () => {});
    await new Promise((resolve) => socket.write('POST /api/v1/sign-up HTTP/1.1\r\nHost: x\r\n', resolve));
    await api.stop();
    await database.dispose();
  });
});
