import { randomUUID } from 'node:crypto';
import { MEMBERSHIP_ROLES, type MembershipRole, STAFF_ROLES, roleAllows } from '#domain';
import { migrateQueueSchema } from '#queues';
import { grantStaff, revokeStaff } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { type Answer, type Person, RunningApi, anAddress, applyWeatherCatalog } from './running-api.js';
import { renderApiDocument } from '../../../apps/api/src/openapi-document.js';
import { type Route, routes } from './route-table.js';

const organizationRoutes = routes.filter(({ access }) => access?.kind === 'organization');
const staffRoutes = routes.filter(({ access }) => access?.kind === 'staff' || access?.kind === 'publisher');

/** An answer without what differs between any two requests. */
function essence({ status, headers, text }: Answer<unknown>): unknown {
  const named = ['content-type', 'cache-control', 'content-security-policy'].map((name) => headers.get(name));
  return { status, named, text: text.replace(/"requestId":"[^"]*"/, '').replace(/[0-9a-f-]{36}/g, 'ID') };
}

async function aFreePlanVersion(api: RunningApi): Promise<string> {
  const { body } = await api.call<{ products: { plans: { version: { id: string } }[] }[] }>('/api/v1/catalog/products');
  return body.products[0]!.plans[0]!.version.id;
}

/** A body that the route would take; only of routes that want one. */
function bodyFor({ method, path }: Route): object | null {
  if (path.endsWith('/try-it/preview')) return { api: 'weather', version: 'v2', method: 'GET', template: '/now' };
  if (path.endsWith('/try-it/calls'))
    return { api: 'weather', version: 'v2', method: 'GET', path: '/now', key: 'tg_test_' };
  if (path.endsWith('/money-cap')) return { amount: '10' };
  if (/\/change(\/preview)?$/.test(path)) return { planVersionId: randomUUID() };
  if (path.endsWith('/terms')) return { version: '1' };
  if (/\/coupon(\/preview)?$/.test(path)) return { couponCode: 'SPRING' };
  if (path.includes('/cancel')) return { when: 'now' };
  if (path.endsWith('/members/{userId}')) return { role: 'developer' };
  if (path.endsWith('/leak-policy')) return { policy: 'alert' };
  if (path.endsWith('/webhook-endpoints') && method === 'POST')
    return { url: 'https://hooks.example.com', eventTypes: ['invoice.paid'] };
  if (path.endsWith('/{webhookEndpointId}') && method === 'PATCH') return { description: 'mine' };
  if (/\/(test|resend)$/.test(path)) return null;
  if (method === 'PATCH') return { name: 'mine' };
  if (method !== 'POST') return null;
  return path.endsWith('/rotate') ? { overlapSeconds: 0 } : { name: 'mine', mode: 'live' };
}

describe('the wall between organizations', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let ada: Person;
  let bob: Person;
  let foreign: Readonly<Record<string, string>>;

  beforeAll(async () => {
    database = await createTestDatabase();
    await migrateQueueSchema(database.ownerUrl);
    api = await RunningApi.start(database);
    await applyWeatherCatalog(database);
    [ada, bob] = [await api.signUp('Ada'), await api.signUp('Bob')];
    const bobs = `/api/v1/organizations/${bob.organizationId}`;
    const created = await api.call<{ id: string }>(`${bobs}/applications`, { as: bob, body: { name: 'Bob’s' } });
    const issued = await api.call<{ credential: { id: string } }>(
      `${bobs}/applications/${created.body.id}/credentials`,
      {
        as: bob,
        body: { name: 'Bob’s', mode: 'live' },
      },
    );
    const applicationId = created.body.id;
    const subscribed = await api.call<{ id: string }>(`${bobs}/subscriptions`, {
      as: bob,
      body: { applicationId, planVersionId: await aFreePlanVersion(api) },
    });
    const invited = await api.call<{ id: string }>(`${bobs}/invitations`, {
      as: bob,
      body: { email: 'x@example.com', role: 'developer' },
    });
    const webhook = await api.call<{ endpoint: { id: string } }>(`${bobs}/webhook-endpoints`, {
      as: bob,
      body: { url: 'https://hooks.example.com/bob', eventTypes: ['invoice.paid'] },
    });
    const webhookEndpointId = webhook.body.endpoint.id;
    const tested = await api.call<{ id: string }>(`${bobs}/webhook-endpoints/${webhookEndpointId}/test`, {
      as: bob,
      method: 'POST',
    });
    foreign = {
      webhookEndpointId,
      webhookDeliveryId: tested.body.id,
      applicationId,
      credentialId: issued.body.credential.id,
      subscriptionId: subscribed.body.id,
      userId: bob.userId,
      invitationId: invited.body.id,
    };
    expect(Object.values(foreign).filter((id) => !id)).toEqual([]);
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  const call = (route: Route, parameters: Readonly<Record<string, string>>, as?: Person) => {
    const address = route.path.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? randomUUID());
    const isPost = route.method === 'POST';
    return api.call(address, { method: route.method, ...(as && { as }), ...(isPost && { body: {} }) });
  };

  it('knows of routes to test', () => {
    expect(organizationRoutes.length).toBeGreaterThan(15);
  });

  it.each(organizationRoutes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s answers a foreign organization as one that does not exist',
    async (_name, route) => {
      const foreignAnswer = await call(route, { ...foreign, organizationId: bob.organizationId }, ada);
      const unknownAnswer = await call(route, { ...foreign, organizationId: randomUUID() }, ada);
      const malformedAnswer = await call(route, { ...foreign, organizationId: 'no-uuid' }, ada);
      expect(foreignAnswer.status).toBe(404);
      expect(essence(foreignAnswer)).toEqual(essence(unknownAnswer));
      expect(essence(malformedAnswer)).toEqual(essence(unknownAnswer));
    },
  );

  it.each(
    organizationRoutes
      .filter(({ path }) => /\{(?!organizationId)/.test(path))
      .map((route) => [`${route.method} ${route.path}`, route] as const),
  )('%s answers what belongs to another organization as what does not exist', async (_name, route) => {
    const own = { organizationId: ada.organizationId };
    const body = bodyFor(route);
    const address = (ids: Readonly<Record<string, string>>) =>
      route.path.replace(/\{(\w+)\}/g, (_, name: string) => ({ ...own, ...ids })[name] ?? randomUUID());
    const send = (ids: Readonly<Record<string, string>>) =>
      api.call(address(ids), { as: ada, method: route.method, ...(body && { body }), headers: { 'if-match': '*' } });
    const [foreignAnswer, unknownAnswer] = [await send(foreign), await send({})];
    expect(foreignAnswer.status).toBe(404);
    expect(essence(foreignAnswer)).toEqual(essence(unknownAnswer));
  });

  it.each(organizationRoutes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s asks a stranger to sign in',
    async (_name, route) => {
      const answer = await call(route, { organizationId: bob.organizationId });
      expect(answer).toMatchObject({ status: 401, body: { code: 'sign_in_required' } });
    },
  );

  it.each(staffRoutes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s is closed to customers and to strangers',
    async (_name, route) => {
      expect((await call(route, {}, ada)).status).toBe(403);
      expect((await call(route, {})).status).toBe(401);
    },
  );

  it('does not let a subscription be made for another organization’s application', async () => {
    const planVersionId = await aFreePlanVersion(api);
    const subscribe = (applicationId: string) =>
      api.call(`/api/v1/organizations/${ada.organizationId}/subscriptions`, {
        as: ada,
        body: { applicationId, planVersionId },
      });
    const foreignAnswer = await subscribe(foreign['applicationId']!);
    expect(foreignAnswer).toMatchObject({ status: 404, body: { code: 'application_not_found' } });
    expect(essence(foreignAnswer)).toEqual(essence(await subscribe(randomUUID())));
  });

  it('takes no field that it does not name, on any route that takes a body', async () => {
    const { paths } = JSON.parse(await renderApiDocument()) as {
      paths: Record<string, Record<string, { requestBody?: { content: Record<string, object> } }>>;
    };
    const writes = routes.filter(
      ({ method, path, access }) =>
        access?.kind !== 'ingest_token' &&
        paths[path]?.[method.toLowerCase()]?.requestBody?.content['application/json'] !== undefined,
    );
    expect(writes.length).toBeGreaterThan(60);
    const everything = await api.signUp('Everything');
    for (const grant of [...STAFF_ROLES.map((role) => ({ role })), { team: 'sky' }]) {
      await grantStaff(database.context, { email: everything.email, grant, actor: { kind: 'cli', id: null } });
    }
    const differing: string[] = [];
    for (const route of writes) {
      const ids = { organizationId: everything.organizationId };
      const address = route.path.replace(/\{(\w+)\}/g, (_, name: string) => ({ ...ids })[name] ?? randomUUID());
      const answer = await api.call(address, {
        method: route.method,
        as: everything,
        body: { ...bodyFor(route), isOwner: true },
        headers: { 'if-match': '*', 'x-forwarded-for': anAddress() },
      });
      const isRefused =
        answer.status === 400 && answer.text.includes('{"path":"body.isOwner","message":"there is no such field"}');
      if (!isRefused) differing.push(`${route.method} ${route.path}: ${answer.status} ${answer.text.slice(0, 200)}`);
    }
    expect(differing).toEqual([]);
  });

  describe('by roles', () => {
    const setRole = (role: MembershipRole) =>
      database.unitOfWork.inSystem((transaction) =>
        transaction.query(
          `INSERT INTO membership (organization_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (organization_id, user_id) DO UPDATE SET role = $3`,
          [ada.organizationId, bob.userId, role, database.clock.now()],
        ),
      );
    // The last one ends the membership that the others need.
    const inOrder = organizationRoutes.toSorted((left, right) => Number(isLeaving(left)) - Number(isLeaving(right)));

    it.each(MEMBERSHIP_ROLES)(
      'lets a member who is %s call what the table of roles says, and nothing else',
      async (role) => {
        await setRole(role);
        const differing: string[] = [];
        for (const route of inOrder) {
          const { status } = await call(route, { organizationId: ada.organizationId }, bob);
          const isAllowed = route.access?.kind === 'organization' && roleAllows(role, route.access.permission);
          const isFitting = isAllowed ? status !== 401 && status !== 403 && status < 500 : status === 403;
          if (!isFitting) differing.push(`${route.method} ${route.path}: ${status}`);
        }
        expect(differing).toEqual([]);
      },
    );

    it.each([...STAFF_ROLES, 'publisher'] as const)(
      'lets staff who are %s call their own routes, and no others',
      async (role) => {
        const grant = role === 'publisher' ? { team: 'sky' } : { role };
        const person = { email: bob.email, grant, actor: { kind: 'cli', id: null } as const };
        await grantStaff(database.context, person);
        const differing: string[] = [];
        for (const route of staffRoutes) {
          const { access } = route;
          const { status } = await call(route, {}, bob);
          const isAllowed = access?.kind === 'staff' ? access.role === role : role === 'publisher';
          const isFitting = isAllowed ? status !== 401 && status !== 403 && status < 500 : status === 403;
          if (!isFitting) differing.push(`${route.method} ${route.path}: ${status}`);
        }
        await revokeStaff(database.context, person);
        expect(differing).toEqual([]);
      },
    );
  });
});

function isLeaving({ access }: Route): boolean {
  return access?.kind === 'organization' && access.permission === 'leave';
}
