import { closeDuePeriods, grantStaff } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';
import { type Person, RunningApi } from './running-api.js';

const start = '2026-10-22T12:00:00Z';
const definition = aPlanDefinition({ fixedFee: '5.00' });

describe('money over REST', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let ada: Person;
  let grace: Person;
  let subscription: SubscriptionRow;
  beforeAll(async () => {
    database = await createTestDatabase(start);
    api = await RunningApi.start(database);
    ada = await api.signUp('Ada');
    grace = await api.signUp('Grace');
    subscription = await aSubscription(database, { definition });
    await rows(`INSERT INTO membership VALUES ($1, $2, 'billing', $3)`, [
      subscription.organizationId,
      ada.userId,
      start,
    ]);
    await grantStaff(database.context, {
      email: ada.email,
      grant: { role: 'finance' },
      actor: { kind: 'cli', id: null },
    });
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const own = <Body>(address: string, options: Parameters<RunningApi['call']>[1] = {}) =>
    api.call<Body>(`/api/v1/organizations/${subscription.organizationId}${address}`, { as: ada, ...options });
  const finance = <Body>(address: string, options: Parameters<RunningApi['call']>[1] = {}) =>
    api.call<Body>(`/api/v1/finance/${address}`, { as: ada, ...options });
  const close = async (at: string) => {
    database.clock.moveTo(at);
    await closeDuePeriods(database.context, { graceMs: 0 });
    const sql = 'SELECT id, number FROM invoice WHERE organization_id = $1 ORDER BY id DESC LIMIT 1';
    return (await rows<{ id: string; number: string }>(sql, [subscription.organizationId]))[0]!;
  };
  /** As the provider's answer would have it. */
  const payByCard = async (invoiceId: string) => {
    await rows(
      `INSERT INTO payment (id, organization_id, invoice_id, method, provider_payment_id, attempt, state, amount_minor, currency, created_at)
       SELECT gen_random_uuid(), organization_id, id, 'card', 'pi_' || id, 1, 'succeeded', total_minor, currency, created_at
       FROM invoice WHERE id = $1`,
      [invoiceId],
    );
    await rows(`UPDATE invoice SET state = 'paid', paid_at = issued_at WHERE id = $1`, [invoiceId]);
  };

  it('buys credits with a saved card, one purchase at a time, by who may pay', async () => {
    const pack = (slug: string, price: string) => ({ slug, title: slug, currency: 'USD', price, credits: price });
    await rows('UPDATE api_product SET credit_packs = $1', [JSON.stringify([pack('ten', '10')])]);
    const body = { subscriptionId: subscription.id, pack: 'ten' };
    const buy = (changes: object = {}, as = ada) =>
      own<{ id: string }>('/credits/purchases', { as, body: { ...body, ...changes } });
    expect(await buy()).toMatchObject({ status: 409, body: { code: 'payment_method_required' } });
    // Without a card on the provider's page, which is found again and may be given up.
    const onPage = await own<{ id: string; paymentUrl: string }>('/credits/purchases', {
      body: { ...body, payment: 'page' },
    });
    expect(onPage).toMatchObject({ status: 201, body: { number: 'INV-000001' } });
    const { id: waiting, paymentUrl } = onPage.body;
    expect(paymentUrl).toBe(`https://payments.example/pay/${waiting}`);
    expect((await own('/credits')).body).toMatchObject({ purchases: [{ invoiceId: waiting, isOnPage: true }] });
    const page = `/credits/purchases/${waiting}`;
    expect(await own(`${page}/payment-page`, { method: 'POST' })).toMatchObject({ status: 200, body: { paymentUrl } });
    expect((await own(page, { method: 'DELETE', as: grace })).status).toBe(404);
    expect((await own(page, { method: 'DELETE' })).status).toBe(204);
    expect((await own(page, { method: 'DELETE' })).status).toBe(404);
    expect((await own(`${page}/payment-page`, { method: 'POST' })).status).toBe(404);
    await rows(`UPDATE organization SET provider_customer_id = 'cus_1' WHERE id = $1`, [subscription.organizationId]);
    api.savedCard = { id: 'pm_1', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2040 };
    expect((await buy({}, grace)).status).toBe(404);
    expect((await buy({ pack: 'none' })).status).toBe(404);
    expect((await buy({ amountMinor: 'ten' })).body).toMatchObject({ faults: [{ path: 'body.amountMinor' }] });
    const bought = await buy();
    expect(bought).toMatchObject({ status: 201, body: { number: 'INV-000002', paymentUrl: null } });
    expect(await buy()).toMatchObject({ status: 409, body: { code: 'credit_purchase_under_way' } });
    expect((await own('/credits')).body).toMatchObject({
      purchases: [{ invoiceNumber: 'INV-000002', isOnPage: false, price: { formatted: '$10.00' }, origin: 'person' }],
      stores: [],
    });
    await payByCard(bought.body.id);
    expect((await own('/credits')).body).toMatchObject({ purchases: [], grants: [{ source: 'purchased' }] });
  });

  it('tops credits up by a rule that is set, shown and removed', async () => {
    const rule = { subscriptionId: subscription.id, pack: 'ten', thresholdMinor: '200', monthlyLimitMinor: '3000' };
    const put = (changes: object = {}) =>
      own('/credits/top-up', { method: 'PUT', body: { ...rule, ...changes }, headers: { 'if-match': '*' } });
    expect(await put({ monthlyLimitMinor: '1' })).toMatchObject({ status: 400, body: { code: 'top_up_invalid' } });
    expect((await put({ thresholdMinor: '2.5' })).body).toMatchObject({ faults: [{ path: 'body.thresholdMinor' }] });
    expect((await put()).status).toBe(204);
    expect((await own('/credits')).body).toMatchObject({
      topUps: [
        { pack: 'ten', threshold: { amountMinor: '200' }, monthlyLimit: { amountMinor: '3000' }, state: 'active' },
      ],
    });
    expect((await own('/credits/top-up/default/USD', { method: 'DELETE' })).status).toBe(204);
    expect((await own('/credits')).body).toMatchObject({ topUps: [] });
  });

  it('refunds to the card what two people agree to, and no other', async () => {
    await grantStaff(database.context, {
      email: grace.email,
      grant: { role: 'finance' },
      actor: { kind: 'cli', id: null },
    });
    const [first, second] = [await close('2026-11-22T12:00:00Z'), await close('2026-12-22T12:00:00Z')];
    await payByCard(first.id);
    const propose = (invoiceId: string, body: object) =>
      finance<{ id: string }>(`invoices/${invoiceId}/refunds`, { body });
    expect((await propose(first.id, { reason: ' ' })).body).toMatchObject({ faults: [{ path: 'body.reason' }] });
    expect((await propose(second.id, { reason: 'Not paid yet' })).status).toBe(409);
    const proposed = await propose(first.id, { reason: 'An outage' });
    expect(proposed).toMatchObject({ status: 201, body: { state: 'proposed', amount: { formatted: '$5.00' } } });
    const approve = (as: Person) => finance(`refund-proposals/${proposed.body.id}/approve`, { as, method: 'POST' });
    expect(await approve(ada)).toMatchObject({
      status: 409,
      body: { code: expect.stringContaining('needs_another_person') as string },
    });
    expect(await approve(grace)).toMatchObject({ status: 200, body: { state: 'approved' } });
    expect((await approve(grace)).status).toBe(409);
    await payByCard(second.id);
  });

  const terms = (body: object) =>
    finance<{ code: string; detail: string }>(`organizations/${subscription.organizationId}/payment-terms`, {
      method: 'PUT',
      body,
      headers: { 'if-match': '*' },
    });

  it('lets nobody pay a seller by transfer that has no account, and says what to do', async () => {
    const refused = await terms({ method: 'transfer', netDays: 10 });
    expect(refused).toMatchObject({ status: 409, body: { code: 'seller_account_missing' } });
    expect(refused.body.detail).toContain('bankAccount');
    await tamper(
      database,
      `UPDATE seller SET bank_account = '{"iban": "DE89370400440532013000", "bic": null, "referenceText": null}'`,
    );
    expect((await terms({ method: 'transfer', netDays: 91 })).body).toMatchObject({
      faults: [{ path: 'body.netDays' }],
    });
    expect((await terms({ method: 'transfer', netDays: 10 })).status).toBeLessThan(300);
  });

  it('takes a transfer back, once and with a reason', async () => {
    const { id, number } = await close('2027-01-22T12:00:00Z');
    const body = { invoice: number, currency: 'USD', amountMinor: '600', valueDate: '2027-01-22', reference: number };
    const recorded = await finance<{ id: string }>('transfers', { body });
    expect(recorded).toMatchObject({
      status: 201,
      body: { payments: [{ invoiceId: id, amount: { amountMinor: '500' } }], kept: { amountMinor: '100' } },
    });
    expect(await finance('transfers', { body })).toMatchObject({ status: 409 });
    const reverse = (reason: string) => finance(`transfers/${recorded.body.id}/reverse`, { body: { reason } });
    expect((await reverse('')).body).toMatchObject({ faults: [{ path: 'body.reason' }] });
    expect((await finance(`transfers/${id}/reverse`, { body: { reason: 'x' } })).status).toBe(404);
    expect(await reverse('Another payer')).toMatchObject({ status: 201 });
    expect(await reverse('Again')).toMatchObject({ status: 409, body: { code: 'transfer_reversed' } });
    expect((await finance(`invoices/${id}`)).body).toMatchObject({ state: 'issued', due: { amountMinor: '500' } });
  });

  it('imports a statement whole or not at all, and lets a person decide about the rest', async () => {
    const { id, number } = await close('2027-02-22T12:00:00Z');
    const csv = (...lines: readonly string[]) => ['date,amount,currency,reference,sender', ...lines].join('\n');
    const paying = `2027-02-22,5.00,USD,${number},Ada`;
    const upload = (content: string) => finance('bank-statements', { body: { fileName: 'february.csv', content } });
    expect(await upload(csv(paying, '2027-02-30,1.00,USD,?,B'))).toMatchObject({
      status: 400,
      body: { code: 'statement_invalid', detail: expect.stringContaining('3') as string },
    });
    expect((await finance(`invoices/${id}`)).body).toMatchObject({ state: 'issued' });
    const content = csv(
      paying,
      '2027-02-22,7.00,USD,thank you,B',
      '2027-02-22,0.12,USD,interest,Bank',
      '2027-02-22,-3.00,USD,fee,Bank',
    );
    expect(await upload(content)).toMatchObject({
      status: 200,
      body: {
        recorded: [{ line: 2, invoiceNumber: number }],
        unmatched: [{ line: 3 }, { line: 4 }],
        known: 0,
        outgoing: 1,
      },
    });
    expect(await upload(content)).toMatchObject({ body: { recorded: [], unmatched: [], known: 3 } });
    expect((await finance(`invoices/${id}`)).body).toMatchObject({ state: 'paid' });

    const waiting = (await finance<{ rows: { hash: string }[] }>('bank-statement-rows')).body.rows;
    expect(waiting).toMatchObject([{ amount: { amountMinor: '700' } }, { amount: { amountMinor: '12' } }]);
    const decide = (index: number, what: string, body: object) =>
      finance(`bank-statement-rows/${waiting[index]!.hash}/${what}`, { body });
    expect((await decide(0, 'assign', {})).status).toBe(400);
    expect(await decide(0, 'assign', { organizationId: subscription.organizationId })).toMatchObject({
      status: 200,
      body: { payments: [{ amount: { amountMinor: '500' } }], kept: { amountMinor: '200' } },
    });
    expect(await decide(1, 'put-aside', { reason: 'Interest' })).toMatchObject({ status: 204 });
    expect(await decide(1, 'put-aside', { reason: 'Again' })).toMatchObject({
      status: 409,
      body: { code: 'statement_row_decided' },
    });
    expect((await finance('bank-statement-rows')).body).toEqual({ rows: [], next: null });
  });

  describe('of what two have seen', () => {
    interface Listed {
      readonly accounts: readonly { readonly account: string; readonly etag: string }[];
      readonly subscriptions: readonly { readonly moneyCapEtag: string }[];
    }
    const details = { addressLines: [], country: null, region: null, taxIds: [], purchaseOrderNumber: null };
    const rule = { pack: 'ten', monthlyLimitMinor: '3000' };
    const until = (days: number) => new Date(database.clock.nowMs() + days * 86_400_000).toISOString();
    const head = async (address: string) => (await api.call(address, { as: ada })).headers.get('etag')!;
    const listed = async (address: string) => (await api.call<Listed>(address, { as: ada })).body;
    const ofOrganization = (rest: string) => `/api/v1/organizations/${subscription.organizationId}/${rest}`;
    const ofFinance = (rest: string) => `/api/v1/finance/organizations/${subscription.organizationId}/${rest}`;

    interface Shared {
      readonly what: string;
      readonly address: () => string;
      /** Two that are sent at once, and one after them. */
      readonly bodies: () => readonly object[];
      /** Where its ETag is read, where that is not where it is changed. */
      readonly etag?: () => Promise<string>;
    }
    const shared: readonly Shared[] = [
      {
        what: 'billing details',
        address: () => ofOrganization('billing-details'),
        bodies: () => ['One', 'Two', null].map((legalName) => ({ ...details, legalName })),
      },
      {
        what: 'the money cap',
        address: () => ofOrganization(`subscriptions/${subscription.id}/money-cap`),
        bodies: () => ['10', '20', null].map((amount) => ({ amount })),
        etag: async () => (await listed(ofOrganization('subscriptions'))).subscriptions[0]!.moneyCapEtag,
      },
      {
        what: 'the top-up',
        address: () => ofOrganization('credits/top-up'),
        bodies: () =>
          ['200', '300', '400'].map((minor) => ({ ...rule, subscriptionId: subscription.id, thresholdMinor: minor })),
        etag: () => head(ofOrganization('credits')),
      },
      {
        what: 'payment terms',
        address: () => ofFinance('payment-terms'),
        bodies: () => [5, 6, 10].map((netDays) => ({ method: 'transfer', netDays })),
      },
      {
        what: 'the review window',
        address: () => ofFinance('invoice-review'),
        bodies: () => [1, 2, 0].map((hours) => ({ hours })),
      },
      {
        what: 'the exemption',
        address: () => ofFinance('tax-exemption'),
        bodies: () => ['Charity', 'Embassy', null].map((reason) => ({ reason })),
        etag: () => head(ofFinance('billing-details')),
      },
      {
        what: 'the pause of dunning',
        address: () => ofFinance('dunning-pause'),
        bodies: () => [1, 2, 3].map((days) => ({ until: until(days), reason: 'They pay by cheque.' })),
      },
      {
        what: 'the name of an account',
        address: () => '/api/v1/finance/accounts/receivables',
        bodies: () => [{ number: '1', name: 'One' }, { number: '2', name: 'Two' }, null].map((named) => ({ named })),
        etag: async () =>
          (await listed('/api/v1/finance/accounts')).accounts.find(({ account }) => account === 'receivables')!.etag,
      },
    ];
    it.each(shared)(
      'lets only one change $what, and the other once it has seen that',
      async ({ address, bodies, etag }) => {
        const read = etag ?? (() => head(address()));
        const [one, other, last] = bodies();
        const change = async (body: object | undefined, ifMatch: string) =>
          (await api.call(address(), { as: ada, method: 'PUT', body, headers: { 'if-match': ifMatch } })).status;
        const seen = await read();
        const both = await Promise.all([change(one, seen), change(other, seen)]);
        expect([both.filter((status) => status < 300).length, both.filter((status) => status === 412).length]).toEqual([
          1, 1,
        ]);
        expect(await change(last, seen)).toBe(412);
        expect(await change(last, await read())).toBeLessThan(300);
      },
    );
  });
});
