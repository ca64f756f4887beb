import { randomUUID } from 'node:crypto';
import { grantStaff, ingestSegment, proposeAdjustment } from '#services';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { api as callApi } from '../../../apps/cli/src/commands/api.js';
import { type SubscriptionRow, aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { aSegmentJob, aUsageEvent } from '../../support/usage-events.js';
import { type Person, RunningApi } from './running-api.js';

const start = new Date('2026-10-22T12:00:00Z');
const end = new Date('2026-11-22T12:00:00Z');
const definition = aPlanDefinition({
  prices: [{ meter: 'requests', included: '1', price: { model: 'per_unit', unitAmount: '0.125' } }],
  quotas: [{ name: 'monthly', meter: 'requests', limit: 1000, enforcement: 'hard' }],
});

describe('usage and invoices', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let ada: Person;
  let subscription: SubscriptionRow;
  beforeAll(async () => {
    database = await createTestDatabase(start.toISOString());
    api = await RunningApi.start(database);
    ada = await api.signUp('Ada');
    subscription = await aSubscription(database, { definition });
    await database.unitOfWork.inSystem((transaction) =>
      transaction.query(`INSERT INTO membership VALUES ($1, $2, 'billing', $3)`, [
        subscription.organizationId,
        ada.userId,
        start,
      ]),
    );
    await grantStaff(database.context, {
      email: ada.email,
      grant: { role: 'finance' },
      actor: { kind: 'cli', id: null },
    });
    const at = (minute: number) => new Date(start.getTime() + minute * 60_000);
    const events = [
      aUsageEvent(subscription, { at: at(1) }),
      aUsageEvent(subscription, { at: at(2), bytesIn: 10 }),
      aUsageEvent(subscription, { at: at(20), status: 404, billable: false, reason: 'upstream_4xx' }),
    ];
    database.clock.moveTo(at(30));
    await ingestSegment(database.context, await aSegmentJob(events));
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  const get = <Body>(address: string) =>
    api.call<Body>(`/api/v1/organizations/${subscription.organizationId}${address}`, { as: ada });

  it('tell the publisher of a product who calls it, and which of its operations', async () => {
    const usage = (product: string, query = '') =>
      api.call(`/api/v1/publisher/products/${product}/usage${query}`, { as: ada });
    expect((await usage(subscription.product)).status).toBe(403);
    await database.unitOfWork.inSystem(async (transaction) => {
      await transaction.query(
        `INSERT INTO publisher_team_member (publisher_team_id, user_id, created_at)
         SELECT publisher_team_id, $2, $3 FROM api_product WHERE id = $1`,
        [subscription.apiProductId, ada.userId, start],
      );
      const teamId = database.context.ids.next();
      await transaction.query(`INSERT INTO publisher_team VALUES ($1, 'others', 'Others', $2)`, [teamId, start]);
      await transaction.query(`INSERT INTO api_product VALUES ($1, $2, 'foreign', 'Foreign', '', '', 0, 100, $3)`, [
        database.context.ids.next(),
        teamId,
        start,
      ]);
    });
    expect(await usage('foreign')).toMatchObject({ status: 404, body: { code: 'product_not_found' } });
    const used = { eventCount: 3, quantity: '3', billableQuantity: '2', failedQuantity: '1' };
    expect((await usage(subscription.product)).body).toMatchObject({
      groups: [{ id: subscription.applicationId, label: 'Ada Ltd: Default' }],
      buckets: [{ at: '2026-10-22T00:00:00.000Z', group: subscription.applicationId, meter: 'requests', ...used }],
    });
    const operation = `${subscription.apiVersionId}/getForecast`;
    expect((await usage(subscription.product, '?groupBy=operation&days=90')).body).toMatchObject({
      groups: [{ id: operation, label: expect.stringMatching(/^getForecast \(\S+ v1\)$/) }],
      buckets: [{ group: operation, ...used }],
    });
    expect((await usage(subscription.product, '?operation=getOther')).body).toMatchObject({ groups: [], buckets: [] });
    expect((await usage(subscription.product, '?days=91')).status).toBe(400);
  });

  it('show what the current period has used and would cost now', async () => {
    expect((await get('/usage/current')).body).toMatchObject({
      subscriptions: [
        {
          subscription: { id: subscription.id, currentPeriod: { start: start.toISOString(), end: end.toISOString() } },
          meters: [
            {
              slug: 'requests',
              quantity: '3',
              billableQuantity: '2',
              included: '1',
              quota: { name: 'monthly', limit: 1000, used: '3', enforcement: 'hard' },
            },
          ],
          // The fee of a dollar, and one unit of 12.5 cents rounded half away from zero.
          estimate: { amountMinor: '113', currency: 'USD', formatted: '$1.13' },
          lines: [{ kind: 'fixed_fee' }, { kind: 'usage', quantity: '2', amount: { amountMinor: '13' } }],
        },
      ],
    });
  });

  it('show usage over time', async () => {
    const range = `from=${start.toISOString()}&to=${new Date(start.getTime() + 3_600_000).toISOString()}`;
    expect((await get(`/usage/series?${range}&bucket=quarter`)).body).toEqual({
      buckets: [
        {
          at: '2026-10-22T12:00:00.000Z',
          meter: 'requests',
          quantity: '2',
          billable: true,
          statusClass: 2,
          eventCount: 2,
        },
        {
          at: '2026-10-22T12:15:00.000Z',
          meter: 'requests',
          quantity: '1',
          billable: false,
          statusClass: 4,
          eventCount: 1,
        },
      ],
    });
    expect((await get(`/usage/series?${range}&bucket=year`)).status).toBe(400);
    expect((await get('/usage/series?from=yesterday&to=today&bucket=day')).status).toBe(400);
  });

  it('show the requests page by page, each with its receipt', async () => {
    interface Page {
      readonly requests: { readonly requestId: string }[];
      readonly next: string | null;
    }
    const first = (await get<Page>('/usage/requests?limit=2')).body;
    expect(first.requests).toMatchObject([
      { status: 404, billable: false, reason: 'upstream_4xx' },
      { status: 200, billable: true, bytesIn: 10, durationMs: 12, quantities: { requests: '1' }, mode: 'live' },
    ]);
    const second = (await get<Page>(`/usage/requests?limit=2&before=${first.next}`)).body;
    expect([second.requests.length, second.next]).toEqual([1, null]);
    const [request] = first.requests;
    expect((await get(`/usage/requests/${request!.requestId}`)).body).toEqual({
      ...request,
      rows: [expect.objectContaining({ seq: 0, outcome: 'delivered', quantities: { requests: '1' } })],
    });
    expect((await get<Page>(`/usage/requests?requestId=${request!.requestId}`)).body.requests).toEqual([request]);
  });

  it('make an invoice of the period that finance closes, for both to read and to download', async () => {
    database.clock.moveTo(end);
    const finance = <Body>(address: string, body?: unknown) =>
      api.call<Body>(`/api/v1/finance${address}`, { as: ada, ...(body !== undefined && { body }) });
    const closed = await finance<{ closed: { invoiceId: string }[] }>('/periods/close', {});
    expect(closed.body).toMatchObject({
      closed: [
        {
          subscriptionId: subscription.id,
          periodStart: start.toISOString(),
          number: 'INV-000001',
          total: { amountMinor: '113' },
        },
      ],
      held: [],
    });
    const { invoiceId } = closed.body.closed[0]!;
    const invoice = await get<{ id: string }>(`/invoices/${invoiceId}`);
    expect(invoice.body).toMatchObject({
      number: 'INV-000001',
      state: 'issued',
      organization: { name: 'Ada Ltd' },
      product: { title: 'Weather' },
      subtotal: { formatted: '$1.13' },
      tax: { amountMinor: '0' },
      issuedAt: end.toISOString(),
      lines: [
        { position: 1, kind: 'fixed_fee', amount: { amountMinor: '100' } },
        { position: 2, kind: 'usage', meter: 'requests', quantity: '2', breakdown: [{ units: '1', amount: '0.125' }] },
      ],
      payments: [],
    });
    expect(Object.keys(invoice.body)).not.toContain('ratingHash');
    expect((await finance(`/invoices/${invoiceId}`)).body).toEqual(invoice.body);
    const listed = (await get<{ invoices: object[] }>('/invoices')).body.invoices;
    expect(listed).toHaveLength(1);
    expect(listed[0]).not.toHaveProperty('lines');
    expect((await finance('/invoices?state=issued&limit=10')).body).toEqual({ invoices: listed, next: null });
    expect((await finance('/invoices?state=paid')).body).toEqual({ invoices: [], next: null });

    const pdf = await get(`/invoices/${invoiceId}/pdf`);
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(pdf.headers.get('content-disposition')).toBe('attachment; filename="INV-000001.pdf"');
    expect(pdf.text).toMatch(/^%PDF-/);
    const csv = await get(`/invoices/${invoiceId}/csv`);
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="INV-000001.csv"');
    expect(csv.text.split('\r\n')).toHaveLength(4);
    expect((await finance('/invoices.csv')).text).toBe(csv.text);
    expect((await finance(`/invoices/${invoiceId}/csv`)).text).toBe(csv.text);
    const json = await get(`/invoices/${invoiceId}/json`);
    expect(json.headers.get('content-disposition')).toBe('attachment; filename="INV-000001.json"');
    expect(json.body).toMatchObject({ id: invoiceId, total: '1.13', lines: [{}, { amount: '0.13' }] });
    expect((await finance(`/invoices/${invoiceId}/json`)).body).toEqual(json.body);
    expect(JSON.parse((await finance('/invoices.ndjson?state=issued')).text)).toEqual(json.body);
    for (const address of [`/invoices/${invoiceId}/xlsx`, '/invoices.xlsx', '/reports/usage/xlsx']) {
      const workbook = await finance(address);
      expect(workbook.headers.get('content-type')).toMatch(/spreadsheetml/);
      expect(workbook.text).toMatch(/^PK/);
    }
    expect((await get(`/invoices/${invoiceId}/xlsx`)).text).toMatch(/^PK/);
    expect((await finance(`/invoices/${invoiceId}/pdf`)).text).toMatch(/^%PDF-/);
    expect(await finance(`/invoices/${invoiceId}/ubl`)).toMatchObject({
      status: 409,
      body: { code: 'electronic_invoice_incomplete' },
    });
    expect((await get(`/invoices/${invoiceId}/ubl`)).status).toBe(409);
    const usage = await finance('/reports/usage/csv');
    expect(usage.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(usage.text.split('\r\n')[0]).toMatch(/^day,organization_id,organization,subscription_id,/);
    const late = await finance<{ columns: string[]; rows: string[][] }>('/reports/journal-entries');
    expect(late.body).toMatchObject({
      hasMore: false,
      rows: expect.arrayContaining([expect.arrayContaining(['1.13'])]),
    });
    expect(await finance('/reports/mrr?from=2026-01-01T00:00:00Z')).toMatchObject({
      status: 400,
      body: { code: 'report_options_invalid' },
    });
    const named = await api.call('/api/v1/finance/accounts/receivables', {
      as: ada,
      method: 'PUT',
      body: { named: { number: '1400', name: 'Debitoren' } },
      headers: { 'if-match': '*' },
    });
    const account = { account: 'receivables', number: '1400', name: 'Debitoren', isMapped: true };
    expect(named.body).toMatchObject({ accounts: expect.arrayContaining([expect.objectContaining(account)]) });
    expect((await finance('/accounts')).body).toEqual(named.body);
    expect((await finance('/reports/usage/pdf')).status).toBe(404);
    expect((await finance('/reports/secrets/csv')).status).toBe(404);
    const inMonth = 'month=2026-11';
    const periods = (await finance<{ periods: object[] }>(`/periods?state=issued&${inMonth}`)).body;
    expect(periods).toMatchObject({
      periods: [
        {
          subscriptionId: subscription.id,
          state: 'closed',
          start: start.toISOString(),
          closedAt: end.toISOString(),
          invoice: { id: invoiceId, number: 'INV-000001', state: 'issued' },
        },
      ],
      next: null,
    });
    const { columns } = (await finance<{ columns: object[] }>(`/periods/board?${inMonth}`)).body;
    expect(columns).toContainEqual(expect.objectContaining({ state: 'issued', count: 1 }));
    expect((await finance('/periods?state=issued&month=2026-13')).status).toBe(400);
    expect((await finance('/periods?state=issued&after=somewhere')).status).toBe(400);
  });

  it('are printed to the byte by the command line, with a token', async () => {
    const expiresAt = new Date(database.clock.nowMs() + 86_400_000).toISOString();
    const [invoice] = (await get<{ invoices: { id: string }[] }>('/invoices')).body.invoices;
    const address = `/api/v1/organizations/${subscription.organizationId}/invoices/${invoice!.id}/pdf`;
    const body = { name: 'CI', scopes: ['read'], expiresAt };
    const { token } = (await api.call<{ token: string }>('/api/v1/access-tokens', { as: ada, body })).body;
    vi.stubEnv('PORTAL_URL', api.url);
    vi.stubEnv('TOLLGATE_TOKEN', token);
    const printed: Uint8Array[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((bytes) => printed.push(bytes as Uint8Array) > 0);
    const exit = await callApi(['GET', address]);
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    expect(exit).toBe(0);
    const pdf = await fetch(api.url + address, { headers: { authorization: `Bearer ${token}` } });
    expect(Buffer.concat(printed).equals(Buffer.from(await pdf.arrayBuffer()))).toBe(true);
  });

  it('lead back from a line to the calls that it bills, page by page, which come to its quantity', async () => {
    const finance = <Body>(address: string) => api.call<Body>(`/api/v1/finance${address}`, { as: ada });
    const { invoices } = (await finance<{ invoices: { id: string }[] }>('/invoices')).body;
    const lines = `/invoices/${invoices[0]!.id}/lines`;
    expect((await finance(`${lines}/2`)).body).toMatchObject({
      line: { meter: 'requests', quantity: '2' },
      aggregation: 'sum',
      eventCount: 2,
      units: '2',
      agrees: true,
    });
    interface Calls {
      readonly requests: readonly { readonly requestId: string; readonly quantity: string }[];
      readonly next: string | null;
    }
    const first = (await finance<Calls>(`${lines}/2/requests?limit=1`)).body;
    const second = (await finance<Calls>(`${lines}/2/requests?limit=1&after=${first.next}`)).body;
    expect([first.requests.length, second.requests.length, second.next]).toEqual([1, 1, null]);
    expect(first.requests[0]!.requestId < second.requests[0]!.requestId).toBe(true);
    expect((await finance(`${lines}/1/requests`)).body).toEqual({ requests: [], next: null });
    expect((await finance(`${lines}/9`)).body).toMatchObject({ code: 'invoice_line_not_found' });
    expect((await finance(`${lines}/first`)).status).toBe(404);

    const file = await finance(`${lines}/2/requests.csv`);
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="line-2-calls.csv"');
    const rows = file.text.trim().split('\r\n');
    expect(rows[0]).toBe('request_id,admitted_at,key,operation,method,status,quantity');
    expect(rows.slice(1).map((row) => row.split(',')[0])).toEqual(
      [...first.requests, ...second.requests].map(({ requestId }) => requestId),
    );
    const rest = await finance(`${lines}/2/requests.csv?after=${first.next}&limit=1`);
    expect(rest.text.trim().split('\r\n').slice(1)).toEqual(rows.slice(2));
    expect((await finance(`${lines}/1/requests.csv`)).text.trim()).toBe(rows[0]);
    expect((await finance(`${lines}/9/requests.csv`)).body).toMatchObject({ code: 'invoice_line_not_found' });

    const payers = `/invoices/${invoices[0]!.id}/lines`;
    expect((await get(`${payers}/2/requests.csv`)).text).toBe(file.text);
    expect((await get(`${payers}/2`)).body).toEqual((await finance(`${lines}/2`)).body);
    const page = (await get<Calls>(`${payers}/2/requests?limit=1`)).body;
    expect(page).toEqual(first);
    expect((await get<Calls>(`${payers}/2/requests?limit=1&after=${page.next}`)).body).toEqual(second);
    expect(await get(`${payers}/9`)).toMatchObject({ status: 404, body: { code: 'invoice_line_not_found' } });
    // One of somebody else is answered as one that nobody has.
    const own = `/api/v1/organizations/${ada.organizationId}/invoices`;
    for (const rest of ['lines/2', 'lines/2/requests', 'lines/2/requests.csv']) {
      const [foreign, unknown] = await Promise.all(
        [invoices[0]!.id, randomUUID()].map((id) => api.call<object>(`${own}/${id}/${rest}`, { as: ada })),
      );
      expect(foreign).toMatchObject({ status: 404, body: { code: 'invoice_not_found' } });
      const essence = (body: object) => ({ ...body, instance: null, requestId: null });
      expect(essence(foreign!.body)).toEqual(essence(unknown!.body));
    }
  });

  it('are found by finance by their number or by who pays, as the organizations are', async () => {
    const finance = <Body>(address: string) => api.call<Body>(`/api/v1/finance${address}`, { as: ada });
    const numbers = async (query: string) =>
      (await finance<{ invoices: { number: string }[] }>(`/invoices?${query}`)).body.invoices.map(
        ({ number }) => number,
      );
    const { organizationId } = subscription;
    for (const query of ['search=inv-000001', 'search=ada%20ltd', `organizationId=${organizationId}`])
      expect(await numbers(query)).toEqual(['INV-000001']);
    for (const query of ['search=INV-9', `organizationId=${ada.organizationId}`, 'search=ada&state=paid'])
      expect(await numbers(query)).toEqual([]);
    expect((await finance(`/invoices?organizationId=ada`)).status).toBe(400);
    expect((await finance(`/invoices.csv?search=INV-9`)).text.trim().split('\r\n')).toHaveLength(1);
    expect((await finance(`/credit-notes.csv?from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z`)).status).toBe(200);
    expect((await finance(`/credit-notes.csv?from=yesterday`)).status).toBe(400);
    const [invoice] = (await finance<{ invoices: object[] }>(`/invoices?search=INV-000001`)).body.invoices;
    expect(invoice).toMatchObject({ seller: { slug: 'default' } });

    interface Organization {
      readonly id: string;
      readonly billingEmail: string | null;
    }
    const organizations = async (search: string) =>
      (await finance<{ organizations: Organization[] }>(`/organizations?search=${encodeURIComponent(search)}`)).body
        .organizations;
    // One of the two has no invoice, and is found all the same.
    const listed = await organizations('ADA LTD');
    expect(listed.map(({ id }) => id)).toEqual([ada.organizationId, organizationId]);
    const [, payer] = listed;
    expect(payer).toEqual({
      id: organizationId,
      slug: expect.any(String),
      name: 'Ada Ltd',
      billingEmail: expect.stringMatching(/^billing@/),
      createdAt: start.toISOString(),
      suspendedAt: null,
      paymentTerms: { method: 'card', netDays: 0 },
    });
    for (const search of [organizationId, payer!.billingEmail!]) expect(await organizations(search)).toEqual([payer]);
    expect((await finance(`/organizations/${organizationId}`)).body).toEqual(payer);
    expect(await organizations('nobody')).toEqual([]);
    expect(await finance(`/organizations/${randomUUID()}`)).toMatchObject({
      status: 404,
      body: { code: 'organization_not_found' },
    });
  });

  it('wait in review where finance has it so, unseen by the payer, until finance issues them', async () => {
    const { organizationId } = subscription;
    const window = `/api/v1/finance/organizations/${organizationId}/invoice-review`;
    expect((await api.call(window, { as: ada })).body).toEqual({ hours: 0 });
    const set = (hours: number) =>
      api.call(window, { as: ada, method: 'PUT', body: { hours }, headers: { 'if-match': '*' } });
    expect(await set(721)).toMatchObject({ status: 400 });
    expect((await set(24)).body).toEqual({ hours: 24 });
    expect((await api.call(window, { as: ada })).body).toEqual({ hours: 24 });
    database.clock.moveTo('2026-12-22T12:00:00Z');
    const post = <Body>(address: string) => api.call<Body>(`/api/v1/finance${address}`, { as: ada, body: {} });
    const { closed } = (await post<{ closed: { invoiceId: string }[] }>('/periods/close')).body;
    expect(closed).toMatchObject([{ number: null, total: { amountMinor: '100' } }]);
    const { invoiceId } = closed[0]!;
    expect((await get(`/invoices/${invoiceId}`)).status).toBe(404);
    expect((await get(`/invoices/${invoiceId}/pdf`)).status).toBe(404);
    expect((await get<{ invoices: object[] }>('/invoices')).body.invoices).toHaveLength(1);
    const seen = await api.call(`/api/v1/finance/invoices/${invoiceId}`, { as: ada });
    expect(seen.body).toMatchObject({ state: 'review', number: null, reviewEndsAt: '2026-12-23T12:00:00.000Z' });
    expect((await post(`/invoices/${invoiceId}/issue`)).body).toEqual({ id: invoiceId, number: 'INV-000002' });
    expect(await post(`/invoices/${invoiceId}/issue`)).toMatchObject({
      status: 409,
      body: { code: 'invoice_not_in_review' },
    });
    expect((await get(`/invoices/${invoiceId}`)).body).toMatchObject({ state: 'issued', number: 'INV-000002' });
  });

  it('let finance withdraw what is not paid, with another in its place, and the payer sees why', async () => {
    const post = <Body>(address: string, body: unknown = {}) =>
      api.call<Body>(`/api/v1/finance/invoices/${address}`, { as: ada, body });
    const listed = (await get<{ invoices: { id: string; number: string }[] }>('/invoices')).body.invoices;
    const invoiceId = listed.find(({ number }) => number === 'INV-000002')!.id;
    expect(await post(`${randomUUID()}/rebuild`)).toMatchObject({ status: 404, body: { code: 'invoice_not_found' } });
    expect(await post(`${invoiceId}/rebuild`)).toMatchObject({ status: 409, body: { code: 'invoice_not_held' } });
    await database.unitOfWork.inSystem((transaction) =>
      transaction.query(
        `UPDATE invoice SET failure_code = 'reconcile_hold', failure_message = 'in_1 has a line more', failed_at = now() WHERE id = $1`,
        [invoiceId],
      ),
    );
    const read = (address: string) => api.call<{ invoices: object[] }>(address, { as: ada });
    const held = { isHeld: true, failureMessage: 'in_1 has a line more' };
    expect((await read(`/api/v1/finance/invoices/${invoiceId}`)).body).toMatchObject(held);
    expect((await read('/api/v1/finance/invoices')).body.invoices[0]).toMatchObject(held);
    const hidden = { isHeld: true, failureMessage: null };
    expect((await get(`/invoices/${invoiceId}`)).body).toMatchObject(hidden);
    expect((await get<{ invoices: object[] }>('/invoices')).body.invoices[0]).toMatchObject(hidden);
    expect(await post(`${invoiceId}/rebuild`)).toMatchObject({ status: 204 });
    expect((await read(`/api/v1/finance/invoices/${invoiceId}`)).body).toMatchObject({
      isHeld: false,
      failureMessage: null,
    });
    expect(await post(`${invoiceId}/uncollectible`, { reason: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'invoice_not_past_due' },
    });
    expect(await post(`${invoiceId}/void`, { reason: ' ' })).toMatchObject({ status: 400 });
    const voided = await post<{ replacementId: string }>(`${invoiceId}/void`, { reason: 'Wrong name', reissue: true });
    expect(voided.status).toBe(200);
    expect(await post(`${invoiceId}/reissue`)).toMatchObject({ status: 409, body: { code: 'invoice_replaced' } });
    expect((await get(`/invoices/${invoiceId}`)).body).toMatchObject({
      state: 'void',
      number: 'INV-000002',
      voidReason: 'Wrong name',
      due: { amountMinor: '0' },
      replacedBy: null,
    });
    const { replacementId } = voided.body;
    expect((await get(`/invoices/${replacementId}`)).status).toBe(404);
    expect((await post(`${replacementId}/issue`)).body).toEqual({ id: replacementId, number: 'INV-000003' });
    expect((await get(`/invoices/${replacementId}`)).body).toMatchObject({ replaces: { number: 'INV-000002' } });
    expect((await get(`/invoices/${invoiceId}`)).body).toMatchObject({ replacedBy: { number: 'INV-000003' } });
  });

  it('let finance propose a change of the balance, and credits above the limit, which another person approves and their organization sees', async () => {
    const grace = await api.signUp('Grace');
    const { organizationId } = subscription;
    const address = `/api/v1/finance/organizations/${organizationId}/adjustments`;
    const body = { currency: 'USD', amountMinor: '1250', reason: 'An outage' };
    for (const what of ['balance', 'credits', 'adjustments'])
      expect(
        await api.call(`/api/v1/finance/organizations/${randomUUID()}/${what}`, {
          as: ada,
          ...(what === 'adjustments' && { body }),
        }),
      ).toMatchObject({ status: 404, body: { code: 'organization_not_found' } });
    expect((await api.call(address, { as: grace, body })).status).toBe(403);
    await grantStaff(database.context, {
      email: grace.email,
      grant: { role: 'finance' },
      actor: { kind: 'cli', id: null },
    });
    expect((await api.call(address, { as: ada, body: { ...body, amountMinor: '12.5' } })).body).toMatchObject({
      faults: [{ path: 'body.amountMinor' }],
    });
    const proposed = await api.call<{ id: string }>(address, { as: ada, body });
    expect(proposed).toMatchObject({ status: 201, body: { state: 'proposed' } });
    const approve = `/api/v1/finance/adjustments/${proposed.body.id}/approve`;
    expect(await api.call(approve, { as: ada, method: 'POST' })).toMatchObject({
      status: 409,
      body: { code: 'adjustment_needs_another_person' },
    });
    const atCommandLine = {
      currency: 'USD',
      amountMinor: 1n,
      reason: 'A cent',
      actor: { kind: 'cli', id: null },
    } as const;
    await proposeAdjustment(database.context, { organizationId, ...atCommandLine });
    expect((await api.call('/api/v1/finance/adjustments', { as: grace })).body).toMatchObject({
      adjustments: [
        { proposedBy: 'command line', isOwn: false },
        { state: 'proposed', isOwn: false, proposedBy: 'Ada', amount: { formatted: '$12.50' } },
      ],
    });
    expect((await api.call(approve, { as: grace, method: 'POST' })).status).toBe(200);
    expect((await get('/balance')).body).toMatchObject({
      balances: [{ seller: { slug: 'default' }, amount: { formatted: '$12.50' } }],
      entries: [{ kind: 'adjustment', reason: 'An outage' }],
      next: null,
    });

    const credits = `/api/v1/finance/organizations/${organizationId}/credits`;
    const gift = { currency: 'USD', amountMinor: '10001', reason: 'Welcome' };
    const given = await api.call<{ id: string }>(credits, { as: ada, body: gift });
    expect(given).toMatchObject({ status: 201, body: { state: 'proposed' } });
    expect(await api.call(credits, { as: ada, body: { ...gift, currency: 'XXQ' } })).toMatchObject({
      status: 400,
      body: { code: 'credits_invalid' },
    });
    const approveCredits = `/api/v1/finance/credit-proposals/${given.body.id}/approve`;
    expect((await api.call(approveCredits, { as: ada, method: 'POST' })).status).toBe(409);
    expect((await api.call('/api/v1/finance/credit-proposals', { as: ada })).body).toMatchObject({
      proposals: [{ state: 'proposed', isOwn: true, amount: { formatted: '$100.01' } }],
    });
    expect((await api.call(approveCredits, { as: grace, method: 'POST' })).status).toBe(200);
    expect((await get('/credits')).body).toMatchObject({
      stores: [{ remaining: { formatted: '$100.01' }, seller: { slug: 'default' } }],
      grants: [{ source: 'promotional', priority: 10, reason: 'Welcome', expiresAt: null, product: null }],
      entries: [],
    });
  });

  it('are taxed by the rates that finance keeps, and by what their organization says of itself', async () => {
    const { organizationId } = subscription;
    const mine = `/api/v1/organizations/${organizationId}/billing-details`;
    const put = (address: string, body: object) =>
      api.call(address, { as: ada, method: 'PUT', body, headers: { 'if-match': '*' } });
    const said = {
      legalName: ' Ada Lovelace GmbH ',
      addressLines: ['Hauptstr. 1', ' ', '10117 Berlin'],
      country: 'DE',
      region: null,
      postalCode: ' 10117 ',
      taxIds: [{ country: 'DE', value: '136 695 976' }],
      purchaseOrderNumber: 'PO 7',
    };
    const kept = {
      ...said,
      legalName: 'Ada Lovelace GmbH',
      addressLines: ['Hauptstr. 1', '10117 Berlin'],
      postalCode: '10117',
      taxIds: [{ country: 'DE', value: 'DE136695976' }],
      organizationName: 'Ada Ltd',
      exemptionReason: null,
      taxIdChecks: [],
    };
    expect(await put(mine, said)).toMatchObject({ status: 200, body: kept });
    expect((await api.call(mine, { as: ada })).body).toEqual(kept);
    for (const [wrong, message] of [
      [
        { taxIds: [{ country: 'DE', value: '136695977' }] },
        'taxIds[0].value: "136695977" is no USt-IdNr. of DE: its check',
      ],
      [{ taxIds: [...said.taxIds, ...said.taxIds] }, 'taxIds[1].country: there is a number of DE already'],
      [{ country: 'ZZ' }, 'country: expected the two letters'],
      [{ country: null, region: 'BE' }, 'country: name the country'],
      [{ country: null, region: null }, 'country: name the country that the postal code is of'],
      [{ country: 'US', postalCode: '1011' }, 'postalCode: expected one of US, such as 94103'],
      [{ country: 'CA', postalCode: '10117' }, 'postalCode: expected one of CA, such as H2X 1Y4'],
      [{ legalName: 'two\nlines' }, 'legalName: expected one line'],
    ] as const)
      expect(await put(mine, { ...said, ...wrong })).toMatchObject({
        status: 400,
        body: { detail: expect.stringContaining(message) },
      });
    // Only finance exempts: the field is none of theirs.
    expect((await put(mine, { ...said, exemptionReason: 'Me' })).status).toBe(400);

    const rates = '/api/v1/finance/sellers/default/tax-rates';
    const rate = { country: 'DE', name: 'MwSt.', percent: '19', validFrom: '2026-01-01T00:00:00+01:00' };
    const added = await api.call<{ id: string }>(rates, { as: ada, body: rate });
    expect(added).toMatchObject({
      status: 201,
      body: { ...rate, category: 'standard', validFrom: '2025-12-31T23:00:00.000Z' },
    });
    expect(await api.call(rates, { as: ada, body: rate })).toMatchObject({
      status: 409,
      body: { code: 'tax_rate_overlaps' },
    });
    expect(await api.call(rates, { as: ada, body: { ...rate, percent: '19.00001' } })).toMatchObject({
      status: 400,
      body: { code: 'tax_rate_invalid', detail: expect.stringMatching(/^percent: /) },
    });
    expect((await api.call(rates.replace('default', 'nobody'), { as: ada, body: rate })).status).toBe(404);
    expect((await api.call('/api/v1/finance/sellers', { as: ada })).body).toMatchObject({
      sellers: [{ slug: 'default', taxRates: [{ id: added.body.id, percent: '19', validTo: null }] }],
    });
    const current = async () =>
      (await get<{ subscriptions: { estimate: object; taxes: object[]; total: object }[] }>('/usage/current')).body
        .subscriptions[0];
    expect(await current()).toMatchObject({
      estimate: { amountMinor: '100' },
      taxes: [{ label: 'MwSt. 19 %', taxable: { amountMinor: '100' }, amount: { amountMinor: '19' } }],
      total: { amountMinor: '119' },
    });

    const exemption = `/api/v1/finance/organizations/${organizationId}/tax-exemption`;
    expect((await put(exemption, { reason: ' ' })).status).toBe(400);
    expect((await put(exemption, { reason: '§ 4 Nr. 7 UStG' })).body).toEqual({
      ...kept,
      exemptionReason: '§ 4 Nr. 7 UStG',
    });
    expect((await put(mine, said)).body).toMatchObject({ exemptionReason: '§ 4 Nr. 7 UStG' });
    expect(await current()).toMatchObject({ taxes: [{ label: 'MwSt., exempt' }], total: { amountMinor: '100' } });
    expect((await put(exemption, { reason: null })).body).toEqual(kept);
    expect((await api.call(mine.replace('organizations', 'finance/organizations'), { as: ada })).body).toEqual(kept);

    const end = `/api/v1/finance/tax-rates/${added.body.id}/end`;
    expect((await api.call(end, { as: ada, body: { validTo: '2025-01-01T00:00:00Z' } })).status).toBe(400);
    expect((await api.call(end, { as: ada, body: { validTo: '2026-12-23T00:00:00Z' } })).body).toMatchObject({
      validTo: '2026-12-23T00:00:00.000Z',
    });
    expect(await current()).toMatchObject({ taxes: [{ category: 'outside_scope' }], total: { amountMinor: '100' } });
    const audited = await database.unitOfWork.inSystem((transaction) =>
      transaction.query(
        `SELECT noun || ' ' || action AS what FROM audit_log WHERE noun IN ('tax_rate', 'billing_details') ORDER BY id`,
      ),
    );
    expect(audited).toEqual(
      [
        'billing_details changed',
        'tax_rate added',
        'billing_details changed',
        'billing_details changed',
        'tax_rate ended',
      ].map((what) => ({ what })),
    );
  });

  it('have transfers, which finance reads page by page', async () => {
    interface Page {
      readonly transfers: { readonly reference: string }[];
      readonly next: string | null;
    }
    const { organizationId } = subscription;
    for (const reference of ['first', 'second', 'third']) {
      const body = { organizationId, currency: 'USD', amountMinor: '100', valueDate: '2026-11-22', reference };
      expect((await api.call('/api/v1/finance/transfers', { as: ada, body })).status).toBe(201);
    }
    const page = async (before = '') =>
      (await api.call<Page>(`/api/v1/finance/transfers?limit=2${before}`, { as: ada })).body;
    const newest = await page();
    expect(newest.transfers.map(({ reference }) => reference)).toEqual(['third', 'second']);
    const last = await page(`&before=${newest.next}`);
    expect(last).toMatchObject({ transfers: [{ reference: 'first' }], next: null });
  });

  it('are proven against each other', async () => {
    const report = await api.call<{ checks: { name: string }[] }>('/api/v1/finance/verify', { as: ada });
    expect(report.status).toBe(200);
    expect(report.body.checks.map(({ name }) => name)).toEqual([
      'segments',
      'events',
      'rollups',
      'lines',
      'invoices',
      'balances',
      'credits',
      'receivables',
      'provider',
    ]);
    expect(report.body.checks.slice(0, 8)).toEqual(
      ['segments', 'events', 'rollups', 'lines', 'invoices', 'balances', 'credits', 'receivables'].map((name) =>
        expect.objectContaining({ name, ok: true, difference: null }),
      ),
    );
  });
});
