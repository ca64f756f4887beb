import {
  type DeprecationNotice,
  type RetirementNotice,
  deprecateApiVersion,
  findPublisherApiVersion,
  publishApiVersion,
  retireOnSunset,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aSubscription, addUsage } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { applyFile, weatherApi, weatherProduct } from '../../support/weather-catalog.js';

const CLI = { kind: 'cli', id: null } as const;
const v1 = { api: 'weather', version: 'v1', publisherUserId: null };

describe('a version that is switched off by itself on its day', () => {
  let database: TestDatabase;
  let told: (DeprecationNotice | RetirementNotice)[];
  beforeEach(async () => {
    database = await createTestDatabase('2027-03-01T09:00:00Z');
    told = [];
    await applyVersion({ state: 'published' });
    await rows(
      `INSERT INTO auth."user" (id, name, email, "emailVerified", "createdAt", "updatedAt") VALUES ('ada', 'Ada', 'ada@sky.example', true, $1, $1)`,
      [database.clock.now()],
    );
    await rows(
      `INSERT INTO publisher_team_member (publisher_team_id, user_id, created_at)
       SELECT publisher_team_id, 'ada', $1 FROM api WHERE slug = 'weather'`,
      [database.clock.now()],
    );
  });
  afterEach(() => database.dispose());

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const applyVersion = (version: object) =>
    applyFile(database, {
      apis: [weatherApi({ v1: version, v2: { state: 'published' } })],
      products: [weatherProduct({ plans: [] })],
    });
  const deprecate = (sunsetOn: string | null, retiresAtSunset = true) =>
    deprecateApiVersion(database.context, {
      ...v1,
      encryptionKeys: [],
      actor: CLI,
      sunsetOn,
      retiresAtSunset,
      writeMail: null,
    });
  const find = () => findPublisherApiVersion(database.context, v1);
  const write = (notice: DeprecationNotice | RetirementNotice) => {
    told.push(notice);
    return { subject: 'isOver' in notice ? 'team' : 'callers', text: 'text', html: '' };
  };
  const round = () => retireOnSunset(database.context, { toCallers: write, toTeam: write });
  const mails = async () =>
    (
      await rows<{ mail: string }>(
        `SELECT payload ->> 'subject' || ' ' || (payload ->> 'to') AS mail FROM outbox WHERE queue = 'mail' ORDER BY id`,
      )
    ).map(({ mail }) => mail);

  it('tells its team and who still calls it, a week and a day before, once each, and then ends once', async () => {
    await aCaller('2027-03-20');
    await deprecate('2027-03-31');
    expect(await find()).toMatchObject({ state: 'deprecated', retiresAtSunset: true });
    database.clock.moveTo('2027-03-23T23:59:00Z');
    expect(await round()).toBe(0);
    expect(told).toEqual([]);
    for (const day of ['2027-03-24T00:00:00Z', '2027-03-30T00:00:00Z']) {
      database.clock.moveTo(day);
      await Promise.all([round(), round()]);
      await round();
    }
    expect(await mails()).toEqual([
      'callers dev@northwind.example',
      'team ada@sky.example',
      'callers dev@northwind.example',
      'team ada@sky.example',
    ]);
    expect(told).toContainEqual(
      expect.objectContaining({ organization: 'Northwind', version: 'v1', latest: 'v2', sunsetOn: '2027-03-31' }),
    );
    expect(told).toContainEqual(expect.objectContaining({ isOver: false, callers: 1 }));
    expect(await find()).toMatchObject({ state: 'deprecated' });
    database.clock.moveTo('2027-03-31T00:00:00Z');
    const ended = await Promise.all([round(), round()]);
    expect(ended.toSorted()).toEqual([0, 1]);
    expect(await find()).toMatchObject({ state: 'retired', sunsetOn: '2027-03-31', retiresAtSunset: false });
    expect((await mails()).slice(4)).toEqual(['team ada@sky.example']);
    const audit = await rows(`SELECT actor_kind FROM audit_log WHERE action = 'retired' AND noun = 'API version'`);
    expect(audit).toEqual([{ actor_kind: 'system' }]);
  });

  it('stays when its publisher did not ask for that, publishes it again, or moves the day', async () => {
    await deprecate('2027-03-31', false);
    database.clock.moveTo('2027-03-31T12:00:00Z');
    expect(await round()).toBe(0);
    await deprecate('2027-04-30');
    await deprecate('2027-05-31');
    database.clock.moveTo('2027-05-01T00:00:00Z');
    expect(await round()).toBe(0);
    await publishApiVersion(database.context, { ...v1, encryptionKeys: [], actor: CLI });
    database.clock.moveTo('2027-06-01T00:00:00Z');
    expect(await round()).toBe(0);
    expect(told).toEqual([]);
    expect(await find()).toMatchObject({ state: 'published' });
  });

  it('stays when a process of the version before moves or takes back the day, which knows no more of it', async () => {
    await deprecate('2027-03-31');
    await rows(`UPDATE api_version SET sunset_on = '2027-12-31' WHERE base_path = '/weather/v1'`);
    database.clock.moveTo('2027-04-01T00:00:00Z');
    expect(await round()).toBe(0);
    expect(await find()).toMatchObject({ state: 'deprecated', retiresAtSunset: false });
  });

  it('needs a day', async () => {
    await expect(deprecate(null)).rejects.toMatchObject({ code: 'sunset_missing' });
    await expect(applyVersion({ state: 'deprecated', retireAtSunset: true })).rejects.toMatchObject({
      code: 'sunset_missing',
    });
  });

  it('can be said in a file, which does not switch it on again afterwards', async () => {
    const file = { state: 'deprecated', sunset: '2027-03-31', retireAtSunset: true } as const;
    await applyVersion(file);
    expect(await find()).toMatchObject({ retiresAtSunset: true });
    database.clock.moveTo('2027-03-31T08:00:00Z');
    expect(await round()).toBe(1);
    await applyVersion(file);
    expect(await find()).toMatchObject({ state: 'retired' });
    expect(await round()).toBe(0);
    await applyVersion({ state: 'deprecated', sunset: '2027-03-31' });
    expect(await find()).toMatchObject({ state: 'deprecated', retiresAtSunset: false });
  });

  async function aCaller(day: string): Promise<void> {
    const [ids] = await rows<{ apiVersionId: string; apiProductId: string }>(
      `SELECT version.id AS "apiVersionId", api_product_id AS "apiProductId" FROM api_version version
       JOIN api ON api.id = api_id JOIN api_product_api USING (api_id) WHERE api.slug = 'weather' AND name = 'v1'`,
    );
    const northwind = await aSubscription(database, { organizationName: 'Northwind' });
    await rows(
      `INSERT INTO auth."user" (id, name, email, "emailVerified", "createdAt", "updatedAt") VALUES ('dev', 'Dev', 'dev@northwind.example', true, $1, $1)`,
      [database.clock.now()],
    );
    await rows(
      `INSERT INTO membership (user_id, organization_id, role, created_at) VALUES ('dev', $1, 'developer', $2)`,
      [northwind.organizationId, database.clock.now()],
    );
    await addUsage(
      database,
      { ...northwind, ...ids! },
      { at: new Date(`${day}T09:00:00Z`), quantity: '2', operation: 'getNow', meter: 'requests' },
    );
  }
});
