import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

const TABLES_WITHOUT_ORGANIZATION: Readonly<Record<string, string>> = {
  migration: 'which migrations ran',
  clock_offset: 'one row for the installation',
  change_log: 'names of nouns and ids only; read by gateways',
  outbox: 'jobs of the system; no tenant route reads it',
  undelivered_mail: 'mails of the system; no tenant route reads it',
  secret: 'sealed; visible to the system scope only',
  product_terms: 'what subscribers agree to, public in the catalogue',
  publisher_team: 'sellers, public in the catalogue',
  publisher_team_member: 'sellers’ people',
  staff_role: 'people who run the installation',
  api: 'the catalogue is public',
  api_version: 'the catalogue is public',
  api_version_retirement: 'the catalogue is public',
  documentation_entry: 'the catalogue is public',
  api_product: 'the catalogue is public',
  api_product_api: 'the catalogue is public',
  meter: 'the catalogue is public',
  plan: 'the catalogue is public',
  plan_version: 'the catalogue is public',
  coupon: 'what publishers give off; no route for organizations lists it',
  coupon_code: 'of publishers; found only by whoever types one',
  gateway: 'machines',
  worker: 'processes',
  running_process: 'processes and their settings, without secrets',
  traffic_span: 'calls of all organizations in sums; read by the publisher of the version only',
  rate_window: 'counts of a minute or so; read by gateways only',
  signing_key: 'public parts only; the private ones are sealed secrets',
  segment_manifest: 'a segment mixes organizations; hashes and counts only',
  usage_event_quarantine: 'operators only',
  usage_quarantine_decision: 'of operators; says nothing of a tenant',
  usage_archive: 'names and hashes of files; sums of all organizations together, which no tenant route reads',
  ledger_proof: 'results for staff; a difference names a row',
  access_token: 'of people, not of organizations; hashes of secrets',
  ingest_token: 'of publisher teams; hashes of secrets',
  report_counter: 'one row for the installation',
  tax_rate: 'what sellers charge; printed on invoices',
  seller: 'legal entities of the installation; printed on invoices',
  account_number: 'finance’s own names of accounts',
  bank_statement_row: 'money that nobody was found for yet; visible to the system scope only',
  dunning_clock: 'one row for the installation',
  provider_fee_reading: 'one row for the installation',
  email_change: 'of people, who belong to no organization; hashes of tokens',
  idempotency_record: 'of people, in whatever organization they act; answers are sealed',
  user_deletion: 'of people, who belong to no organization; pseudonyms',
  trial_claim: 'hashes of people and cards, so that nobody tries a product twice; read by the system only',
  portal_terms_acceptance: 'of people, who belong to no organization',
  webhook_inbox: 'ids of the provider’s events',
};

describe('the wall between organizations', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.dispose());

  it('every table has organization_id and row-level security, or is on the reasoned list', async () => {
    const tables = await database.dataSource.query<{ name: string; secured: boolean; tenant: boolean }[]>(`
      SELECT c.relname AS name, c.relrowsecurity AS secured,
             c.relname = 'organization' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization_id') AS tenant
      FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition`);
    expect(tables.length).toBeGreaterThan(25);
    const unguarded = tables.filter(
      (table) => !(table.tenant && table.secured) && !(table.name in TABLES_WITHOUT_ORGANIZATION),
    );
    expect(unguarded).toEqual([]);
    const names = tables.map((table) => table.name);
    expect(Object.keys(TABLES_WITHOUT_ORGANIZATION).filter((name) => !names.includes(name))).toEqual([]);
  });

  it('the application role owns no table and cannot create one', async () => {
    const owned = await database.dataSource.query<unknown[]>(
      `SELECT relname FROM pg_class WHERE relowner = 'tollgate_app'::regrole AND relpersistence <> 't'`,
    );
    expect(owned).toEqual([]);
    await expect(database.dataSource.query('CREATE TABLE mine (id int)')).rejects.toThrow(/permission denied/);
    await expect(database.dataSource.query('ALTER TABLE invoice DISABLE TRIGGER ALL')).rejects.toThrow(/must be owner/);
  });

  it('shows an organization its own rows, another none, and an unscoped connection nothing', async () => {
    const { unitOfWork, context } = database;
    const [mine, theirs] = [context.ids.next(), context.ids.next()];
    await unitOfWork.inSystem(async (transaction) => {
      for (const id of [mine, theirs]) {
        await transaction.query(`INSERT INTO organization (id, slug, name, created_at) VALUES ($1, $2, 'Some', $3)`, [
          id,
          `o-${id.slice(-8)}`,
          context.clock.now(),
        ]);
        await transaction.query(
          `INSERT INTO application (id, organization_id, name, created_at) VALUES ($1, $2, 'app', $3)`,
          [context.ids.next(), id, context.clock.now()],
        );
      }
    });
    const seen = await unitOfWork.inOrganization(mine, (transaction) =>
      transaction.query<{ organization_id: string }>('SELECT organization_id FROM application'),
    );
    expect(seen).toEqual([{ organization_id: mine }]);
    expect(await database.dataSource.query('SELECT id FROM application')).toEqual([]);
    await expect(
      unitOfWork.inOrganization(mine, (transaction) =>
        transaction.query(`INSERT INTO application (id, organization_id, name, created_at) VALUES ($1, $2, 'x', $3)`, [
          context.ids.next(),
          theirs,
          context.clock.now(),
        ]),
      ),
    ).rejects.toThrow(/row-level security/);
  });
});
