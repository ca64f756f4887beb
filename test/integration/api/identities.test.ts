import { grantStaff } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { anApplication } from '../../support/factories.js';
import { type Person, RunningApi } from './running-api.js';

const CLI = { kind: 'cli', id: null } as const;
const address = '/api/v1/operator/identities';

describe('names that applications have elsewhere', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let operator: Person;
  let other: Person;
  beforeAll(async () => {
    database = await createTestDatabase();
    api = await RunningApi.start(database);
    operator = await api.signUp('Olly');
    other = await api.signUp('Ada');
    await grantStaff(database.context, { email: operator.email, grant: { role: 'operator' }, actor: CLI });
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  const add = (body: object, as = operator) => api.call<{ id: string }>(address, { as, body });

  it('are added, listed and taken away, each recorded and told to the gateways', async () => {
    const application = await anApplication(database);
    const [token, certificate] = [
      { applicationId: application.id, kind: 'jwt', issuer: 'https://id.test', value: 'billing-job' },
      { applicationId: application.id, kind: 'mtls', value: 'CN=robot,O=Ada Ltd' },
    ];
    const added = await add(token!);
    expect(added).toMatchObject({ status: 201, body: { ...token, organizationId: application.organizationId } });
    expect(await add(certificate!)).toMatchObject({ status: 201, body: { ...certificate, issuer: '' } });
    const list = () =>
      api.call<{ identities: object[] }>(`${address}?applicationId=${application.id}`, { as: operator });
    expect((await list()).body.identities).toMatchObject([token, certificate]);
    const removed = await api.call(`${address}/${added.body.id}`, { as: operator, method: 'DELETE' });
    expect(removed).toMatchObject({ status: 200, body: token });
    expect((await list()).body.identities).toMatchObject([certificate]);
    expect((await api.call(`${address}/${added.body.id}`, { as: operator, method: 'DELETE' })).status).toBe(404);
    const changes = await database.dataSource.query<{ noun: string }[]>(
      `SELECT noun FROM change_log WHERE noun = 'identity'`,
    );
    const entries = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ action: string }>(`SELECT action FROM audit_log WHERE noun = 'identity' ORDER BY id`),
    );
    expect([changes.length, entries.map(({ action }) => action)]).toEqual([3, ['added', 'added', 'removed']]);
  });

  it('stand for one application each', async () => {
    const body = { kind: 'mtls', value: 'CN=shared' };
    expect((await add({ ...body, applicationId: (await anApplication(database)).id })).status).toBe(201);
    expect(await add({ ...body, applicationId: (await anApplication(database)).id })).toMatchObject({
      status: 409,
      body: { code: 'identity_taken' },
    });
  });

  it('need an application that is there, and an issuer where they are of tokens', async () => {
    const { id: applicationId } = await anApplication(database);
    const unknown = { applicationId: database.context.ids.next(), kind: 'mtls', value: 'CN=x' };
    expect(await add(unknown)).toMatchObject({ status: 404, body: { code: 'application_not_found' } });
    expect(await add({ applicationId, kind: 'jwt', value: 'x' })).toMatchObject({ body: { code: 'issuer_missing' } });
    const wrong = { applicationId, kind: 'mtls', issuer: 'https://id.test', value: 'x' };
    expect(await add(wrong)).toMatchObject({ body: { code: 'issuer_not_wanted' } });
  });

  it('are for operators to see and give', async () => {
    expect((await api.call(address, { as: other })).status).toBe(403);
    expect((await add({}, other)).status).toBe(403);
  });
});
