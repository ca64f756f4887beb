import { closeDuePeriods, grantStaff } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';
import { PASSWORD, type Person, RunningApi, anAddress } from './running-api.js';

/** A list of three entries or more: where it is, and under which name its entries are. */
interface List {
  readonly address: string;
  readonly entries: string;
  readonly query?: string;
  /** How the next page is asked for; `after` unless it says something else. */
  readonly place?: 'before';
}
type Page = Readonly<Record<string, readonly object[]>> & { readonly next: string | null };

const definition = aPlanDefinition({ fixedFee: '5.00' });
const start = '2026-10-22T12:00:00Z';
const lists: readonly List[] = [
  { address: 'catalog/products', entries: 'products' },
  { address: 'user/sessions', entries: 'sessions' },
  { address: 'organizations/{organization}/applications', entries: 'applications', place: 'before' },
  {
    address: 'organizations/{organization}/applications/{application}/credentials',
    entries: 'credentials',
    place: 'before',
  },
  { address: 'organizations/{organization}/subscriptions', entries: 'subscriptions', place: 'before' },
  { address: 'organizations/{organization}/subscriptions/offers', entries: 'products' },
  {
    address: 'organizations/{organization}/usage/operations',
    entries: 'operations',
    query: 'from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z',
  },
  { address: 'organizations/{organization}/invoices', entries: 'invoices', place: 'before' },
  { address: 'finance/invoices', entries: 'invoices', place: 'before', query: 'search=ada%20ltd' },
  { address: 'finance/organizations', entries: 'organizations' },
  { address: 'finance/bank-statement-rows', entries: 'rows' },
  { address: 'finance/adjustments', entries: 'adjustments' },
  { address: 'finance/credit-proposals', entries: 'proposals' },
  { address: 'finance/refund-proposals', entries: 'proposals' },
  { address: 'finance/refund-proposals', entries: 'proposals', query: 'invoiceId={invoice}' },
  { address: 'finance/found-refunds', entries: 'refunds' },
  { address: 'finance/found-refunds', entries: 'refunds', query: 'invoiceId={invoice}' },
  { address: 'finance/verify/proofs', entries: 'proofs' },
  { address: 'finance/sellers', entries: 'sellers' },
  { address: 'operator/identities', entries: 'identities' },
  { address: 'operator/gateways', entries: 'gateways' },
  { address: 'operator/publisher-teams', entries: 'teams' },
  { address: 'publisher/coupons', entries: 'coupons', place: 'before' },
  { address: 'publisher/products', entries: 'products' },
  { address: 'publisher/plan-versions', entries: 'planVersions' },
];

describe('lists that grow', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let ada: Person;
  let first: SubscriptionRow;
  let invoice: string;

  beforeAll(async () => {
    database = await createTestDatabase(start);
    api = await RunningApi.start(database);
    ada = await api.signUp('Ada');
    const actor = { kind: 'cli', id: null } as const;
    for (const role of ['finance', 'operator', 'admin'] as const) {
      await grantStaff(database.context, { email: ada.email, grant: { role }, actor });
    }
    for (let count = 0; count < 2; count += 1) {
      const headers = { 'x-forwarded-for': anAddress() };
      await api.call('/api/auth/sign-in/email', { body: { email: ada.email, password: PASSWORD }, headers });
    }
    first = await aSubscription(database, { definition });
    await joinFirst(await aSubscription(database));
    await joinFirst(await aSubscription(database));
    invoice = await anInvoice();
    await fill();
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  /** Gives what a subscription consists of to the organization of the first one, and its key to the first application. */
  const joinFirst = async (other: SubscriptionRow) => {
    const ids = [first.organizationId, other.organizationId];
    await tamper(
      database,
      `UPDATE application SET organization_id = $1, name = id::text WHERE organization_id = $2`,
      ids,
    );
    for (const table of ['subscription', 'subscription_phase', 'billing_period', 'credential']) {
      await tamper(database, `UPDATE ${table} SET organization_id = $1 WHERE organization_id = $2`, ids);
    }
    const keys = [first.applicationId, other.applicationId];
    await tamper(database, 'UPDATE credential SET application_id = $1 WHERE application_id = $2', keys);
  };

  const anInvoice = async () => {
    database.clock.moveTo('2026-11-22T12:00:00Z');
    await closeDuePeriods(database.context, { graceMs: 0 });
    const [found] = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ id: string }>('SELECT id FROM invoice WHERE organization_id = $1 LIMIT 1', [
        first.organizationId,
      ]),
    );
    return found!.id;
  };

  /** Three of everything, some at the same instant. */
  const fill = async () => {
    const { organizationId, applicationId, credentialId, apiProductId, apiVersionId } = first;
    const insert = (sql: string, parameters: readonly unknown[] = []) =>
      tamper(database, `INSERT INTO ${sql}`, parameters);
    await insert(`membership VALUES ($1, $2, 'owner', now())`, [organizationId, ada.userId]);
    await insert(
      `publisher_team_member (publisher_team_id, user_id, created_at) SELECT id, $1, now() FROM publisher_team`,
      [ada.userId],
    );
    await insert(
      `plan_version SELECT gen_random_uuid(), plan_id, 2, 'draft', definition, 'other', published_at FROM plan_version`,
    );
    await insert(
      `seller (slug, name, address_lines, invoice_prefix, last_invoice_sequence)
       VALUES ('berlin', 'Berlin', '{}', 'BER', 0), ('wien', 'Wien', '{}', 'WIE', 0)`,
    );
    for (const [number, instant] of [
      '2026-10-20T00:00:00Z',
      '2026-10-20T00:00:00Z',
      '2026-10-21T00:00:00Z',
    ].entries()) {
      await insert(
        `gateway (id, epoch, state, started_at, heartbeat_at, admitted_through, sealed_segment, snapshot_number)
         VALUES ($1, 1, 'running', $2, $2, $2, 0, 0)`,
        [`gateway-${number}`, instant],
      );
      await insert(
        `coupon (id, publisher_team_id, slug, title, percent_off, offers, redeemed, created_at)
         SELECT gen_random_uuid(), id, $1, 'Ten off', 10, '{}', 0, $2 FROM publisher_team LIMIT 1`,
        [`ten-${number}`, instant],
      );
      await insert(`ledger_proof (day, kind, started_at) VALUES ($1::date + $2::integer, 'daily', $1::timestamptz)`, [
        instant,
        number,
      ]);
      await insert(
        `bank_statement_row (hash, file_name, line, seller_slug, value_date, amount_minor, currency, reference, sender, state, imported_at)
         VALUES ($1, 'may.csv', $2, 'default', '2026-10-20', 100, 'USD', '', '', 'unmatched', $3)`,
        [String(number).repeat(64), number, instant],
      );
      await insert(
        `application_identity (id, organization_id, application_id, kind, issuer, value, created_at)
         VALUES (gen_random_uuid(), $1, $2, 'mtls', '', $3, $4)`,
        [organizationId, applicationId, `CN=${number}`, instant],
      );
      await insert(
        `usage_operation_day (organization_id, application_id, credential_id, mode, api_product_id, api_version_id, operation, meter,
           day_at, status_class, billable, event_count, quantity_sum)
         VALUES ($1, $2, $3, 'live', $4, $5, $6, 'requests', '2026-10-20T00:00:00Z', 2, true, $7, 1)`,
        [
          organizationId,
          applicationId,
          credentialId,
          apiProductId,
          apiVersionId,
          `get~${number}`,
          number === 2 ? 9 : 5,
        ],
      );
      await insert(`found_refund VALUES ($1, $2, $3, gen_random_uuid(), 'USD', 100, 'succeeded', $4)`, [
        `re_${number}`,
        organizationId,
        invoice,
        instant,
      ]);
    }
    // Those that wait are the first and the last one, so that the order is not that of the ids.
    for (const [number, state] of ['proposed', 'refused', 'refused', 'proposed'].entries()) {
      const proposal = `gen_random_uuid(), $1, 'default', 'USD', 100, 'Because', $2, $3, now(), $4, $5::timestamptz`;
      const columns =
        'id, organization_id, seller_slug, currency, amount_minor, reason, state, proposed_by, proposed_at, decided_by, decided_at';
      const decided = state === 'proposed' ? [null, null] : [ada.userId, start];
      const values = [organizationId, state, ada.userId, ...decided];
      await insert(`adjustment (${columns}) VALUES (${proposal})`, values);
      await insert(
        `credit_proposal (${columns}, source, priority, limit_minor) VALUES (${proposal}, 'promotional', $6, 0)`,
        [...values, number + 10],
      );
      await insert(`refund_proposal (${columns}, invoice_id, credited_minor) VALUES (${proposal}, $6, 100)`, [
        ...values,
        invoice,
      ]);
    }
  };

  const read = async ({ address, query = '' }: List, more: string) => {
    const path = `/api/v1/${address}?${query}&${more}`
      .replace('{organization}', first.organizationId)
      .replace('{application}', first.applicationId)
      .replace('{invoice}', invoice);
    const { status, text, body } = await api.call<Page>(path, { as: ada });
    expect([status, status === 200 ? '' : text]).toEqual([200, '']);
    return body;
  };

  it.each(lists)('are read page by page, each entry once and in one order: $address', async (list) => {
    const whole = await read(list, 'limit=200');
    expect(whole.next).toBeNull();
    expect(whole[list.entries]!.length).toBeGreaterThanOrEqual(3);
    const entries: object[] = [];
    let page = await read(list, 'limit=2');
    entries.push(...page[list.entries]!);
    while (page.next !== null) {
      page = await read(list, `limit=1&${list.place ?? 'after'}=${encodeURIComponent(page.next)}`);
      entries.push(...page[list.entries]!);
    }
    expect(entries).toEqual(whole[list.entries]);
  });
});
