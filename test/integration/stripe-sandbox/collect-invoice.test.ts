import { describe, expect, it } from 'vitest';
import {
  PaymentMismatchError,
  PaymentProviderError,
  PaymentStateError,
  type CollectedInvoice,
  type CollectInvoiceRequest,
} from '#domain';
import { createStripePaymentProvider } from '#stripe';
import { CrashingProxy, type Crash } from '../../support/stripe-sandbox/crashing-proxy.js';
import {
  aCustomer,
  aSandbox,
  dataOf,
  idOf,
  TestClock,
  testKey,
  type SandboxClient,
} from '../../support/stripe-sandbox/sandbox-client.js';

const day = 24 * 3600 * 1000;
const periodStartMs = Date.UTC(2026, 7, 1);

function aProvider(apiBase: string) {
  return createStripePaymentProvider({ secretKey: testKey, apiBase, webhookSecret: 'whsec_1', allowLive: false });
}

function aRequest(providerCustomerId: string, overrides: Partial<CollectInvoiceRequest> = {}): CollectInvoiceRequest {
  const line = { description: 'Calls', periodStartMs, periodEndMs: periodStartMs + 31 * day };
  return {
    invoiceId: `inv-${providerCustomerId}`,
    generation: 1,
    number: `TG-${providerCustomerId.slice(-8)}`,
    currency: 'USD',
    providerCustomerId,
    buyer: {
      name: 'Ada AG',
      email: 'billing@ada.test',
      addressLines: ['Main St 1', '3000 Bern'],
      country: 'CH',
      region: null,
      taxIds: [{ country: 'DE', value: 'DE136695976' }],
    },
    ratingHash: 'hash-1',
    lines: [
      { ...line, lineId: 'base', amountMinor: 4900n },
      { ...line, lineId: 'free', amountMinor: 0n },
      { ...line, lineId: 'calls', amountMinor: 1234n },
      { ...line, lineId: 'credit', amountMinor: -34n },
    ],
    subtotalMinor: 6100n,
    ...overrides,
  };
}

/** As the queue does it: each failure that may pass is followed by another call, of a process of its own. */
async function collectInTheEnd(url: string, request: CollectInvoiceRequest): Promise<CollectedInvoice> {
  for (;;) {
    try {
      return await aProvider(url).collectInvoice(request);
    } catch (error) {
      if (!(error instanceof PaymentProviderError) || !error.retryable) throw error;
    }
  }
}

/** Collects three invoices while four requests in ten go wrong, and looks at what was charged. */
async function collectDespiteFaults(seed: number): Promise<void> {
  await using sandbox = await aSandbox();
  const { client, running } = sandbox;
  const requests = [];
  for (let index = 0; index < 3; index++) requests.push(aRequest(await aCustomer(client)));
  const plan = new URLSearchParams({ error: '15', rate_limit: '10', timeout: '15', seed: String(seed) });
  await fetch(`${running.url}/control/faults`, { method: 'POST', body: plan });
  const collected = await Promise.all(requests.map((request) => collectInTheEnd(running.url, request)));
  const state = (await (await fetch(`${running.url}/control/state`)).json()) as { faults: { happened: object } };
  expect(Object.values(state.faults.happened).every((count) => count > 0)).toBe(true);
  await fetch(`${running.url}/control/faults`, { method: 'POST' });
  for (const [index, { providerCustomerId: customer }] of requests.entries()) {
    expect(collected[index]).toMatchObject({ status: 'paid', subtotalMinor: 6100n });
    expect(await invoicesOf(client, customer)).toHaveLength(1);
    expect(await chargesOf(client, customer, 'charge.succeeded')).toHaveLength(1);
  }
}

const invoicesOf = async (client: SandboxClient, customer: string) =>
  dataOf(await client.get(`/v1/invoices?customer=${customer}&limit=100`));
const chargesOf = async (client: SandboxClient, customer: string, type: string) =>
  dataOf(await client.get(`/v1/events?type=${type}&limit=100`)).filter(
    ({ data }) => (data as { object: { customer: string } }).object.customer === customer,
  );

describe('collecting an invoice', () => {
  it('issues it under our number, with a line for each of ours but those of zero, and charges the card', async () => {
    await using sandbox = await aSandbox();
    const provider = aProvider(sandbox.running.url);
    const collected = await provider.collectInvoice(aRequest(await aCustomer(sandbox.client)));
    expect(collected).toMatchObject({ status: 'paid', totalMinor: 6100n, subtotalMinor: 6100n, failure: null });
    expect(collected.paymentId).toMatch(/^pi_/);
    expect((await fetch(collected.hostedUrl!)).status).toBe(200);
    expect((await fetch(collected.pdfUrl!)).headers.get('content-type')).toBe('application/pdf');
    const invoice = await provider.retrieveInvoice(collected.providerInvoiceId);
    expect(invoice).toMatchObject({ status: 'paid', currency: 'USD', subtotalMinor: 6100n, totalMinor: 6100n });
    expect(invoice.number).toMatch(/^TG-/);
    expect(invoice.metadata).toMatchObject({ rating_hash: 'hash-1', generation: '1' });
    expect(new Map(invoice.lines.map(({ lineId, amountMinor }) => [lineId, amountMinor]))).toEqual(
      new Map([
        ['base', 4900n],
        ['calls', 1234n],
        ['credit', -34n],
      ]),
    );
  });

  it('compares more lines than a page holds', async () => {
    await using sandbox = await aSandbox();
    const customer = await aCustomer(sandbox.client);
    const [line] = aRequest(customer).lines;
    const lines = Array.from({ length: 120 }, (_, index) => ({ ...line!, lineId: `l${index}`, amountMinor: 1n }));
    const collected = await aProvider(sandbox.running.url).collectInvoice(
      aRequest(customer, { lines, subtotalMinor: 120n }),
    );
    expect(collected).toMatchObject({ status: 'paid', subtotalMinor: 120n });
  });

  it('says why Stripe never collects an invoice: it is over more than a card is charged, or in a currency that it has not', async () => {
    await using sandbox = await aSandbox();
    const customer = await aCustomer(sandbox.client);
    const provider = aProvider(sandbox.client.url);
    const [line] = aRequest(customer).lines;
    const large = { lines: [{ ...line!, amountMinor: 100_000_000n }], subtotalMinor: 100_000_000n };
    const refusal = async (overrides: Partial<CollectInvoiceRequest>) => {
      const error: unknown = await provider.collectInvoice(aRequest(customer, overrides)).catch((caught) => caught);
      expect(error).toBeInstanceOf(PaymentStateError);
      return (error as Error).message;
    };
    expect(await refusal(large)).toContain('no more than $999,999.99');
    expect(await refusal({ invoiceId: 'inv-2', number: null, currency: 'CUP' })).toContain('Invalid currency: cup');
    expect(await sandbox.client.get('/v1/payment_intents')).toMatchObject({ body: { data: [] } });
  });

  it('names its buyer, with the address and tax numbers of the day on which it was made', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = await aCustomer(client);
    const provider = aProvider(sandbox.running.url);
    const request = aRequest(customer);
    const first = await provider.collectInvoice(request);
    const buyer = {
      ...request.buyer!,
      name: 'Ada Group',
      addressLines: ['Elsewhere 2'],
      taxIds: [
        { country: 'GR', value: 'EL094259216' },
        { country: 'CH', value: 'CHE-107.787.577 IVA' },
        { country: 'NO', value: 'NO 995 525 828 MVA' },
        { country: 'GB', value: 'not a number of theirs' },
        { country: 'JP', value: '1234567890123' },
      ],
    };
    const second = await provider.collectInvoice(aRequest(customer, { invoiceId: 'inv-2', number: 'TG-2', buyer }));
    const told = ({ providerInvoiceId }: CollectedInvoice) => client.get(`/v1/invoices/${providerInvoiceId}`);
    expect((await told(first)).body).toMatchObject({
      customer_name: 'Ada AG',
      customer_email: 'billing@ada.test',
      customer_address: { line1: 'Main St 1', line2: '3000 Bern', country: 'CH' },
      customer_tax_ids: [{ type: 'eu_vat', value: 'DE136695976' }],
    });
    expect((await told(second)).body).toMatchObject({
      customer_name: 'Ada Group',
      customer_address: { line1: 'Elsewhere 2', line2: null, country: 'CH' },
    });
    expect(
      dataOf(await client.get(`/v1/customers/${customer}/tax_ids`))
        .map(({ type, value }) => `${String(type)} ${String(value)}`)
        .sort(),
    ).toEqual(['ch_vat CHE-107.787.577 IVA', 'eu_vat EL094259216', 'no_vat 995525828MVA']);
  });

  it.each([
    ['ISK', 6100n, 610_000],
    ['JPY', 6100n, 6100],
    ['KWD', 6100n, 6100],
    ['MGA', 610_000n, 6100],
  ])('in %s is charged over what Stripe counts in that currency', async (currency, subtotalMinor, charged) => {
    await using sandbox = await aSandbox();
    const customer = await aCustomer(sandbox.client);
    const line = { ...aRequest(customer).lines[0]!, amountMinor: subtotalMinor };
    const request = aRequest(customer, { currency, lines: [line], subtotalMinor });
    const collected = await aProvider(sandbox.running.url).collectInvoice(request);
    expect(collected).toMatchObject({ status: 'paid', paymentMinor: subtotalMinor, totalMinor: subtotalMinor });
    const [charge] = dataOf(await sandbox.client.get(`/v1/charges?customer=${customer}`));
    expect(charge).toMatchObject({ amount: charged, currency: currency.toLowerCase() });
  });

  it('has nothing but our lines and says so: no pending item of somebody else, and no discount of the customer', async () => {
    const bodies: string[] = [];
    await using sandbox = await aSandbox({
      onAnswer: ({ method, path, body }) => {
        if (method === 'POST' && path === '/v1/invoices') bodies.push(body);
      },
    });
    const { client } = sandbox;
    const customer = await aCustomer(client);
    const pending = idOf(await client.post('/v1/invoiceitems', { customer, amount: 999, currency: 'usd' }));
    const collected = await aProvider(sandbox.running.url).collectInvoice(aRequest(customer));
    expect(collected).toMatchObject({ status: 'paid', totalMinor: 6100n });
    expect((await client.get(`/v1/invoiceitems/${pending}`)).body).toMatchObject({ invoice: null });
    // Stripe leaves pending items out by itself only in newer versions of its API, and inherits discounts unless told otherwise.
    expect(Object.fromEntries(new URLSearchParams(bodies[0]))).toMatchObject({
      pending_invoice_items_behavior: 'exclude',
      discounts: '',
    });
    // With them it would not have been ours: nothing is finalized.
    const with999 = { customer, currency: 'usd', pending_invoice_items_behavior: 'include', auto_advance: 'false' };
    const theirs = idOf(await client.post('/v1/invoices', with999));
    expect((await client.get(`/v1/invoices/${theirs}`)).body).toMatchObject({ total: 999 });
  });

  it('of nothing is paid without a charge', async () => {
    await using sandbox = await aSandbox();
    const customer = await aCustomer(sandbox.client);
    const collected = await aProvider(sandbox.running.url).collectInvoice(
      aRequest(customer, { lines: [], subtotalMinor: 0n }),
    );
    expect(collected).toMatchObject({ status: 'paid', paymentId: null });
  });

  it.each([
    ['and Stripe still has the idempotency keys', 0],
    ['and Stripe has forgotten the idempotency keys', 2 * day],
  ])('ends with one invoice and one charge wherever the process dies, %s', async (_title, downMs) => {
    const clock = new TestClock(1_790_000_000_000);
    await using sandbox = await aSandbox({ clock });
    const { client } = sandbox;
    await using proxy = await CrashingProxy.start(sandbox.running.url);
    const provider = aProvider(proxy.url);
    await provider.collectInvoice(aRequest(await aCustomer(client)));
    const steps = [...proxy.requests];
    expect(steps.length).toBeGreaterThan(10);
    for (let step = 1; step <= steps.length; step++) {
      for (const crash of ['before', 'after'] satisfies Crash[]) {
        const customer = await aCustomer(client);
        const request = aRequest(customer);
        proxy.reset((_request, count) => (count === step ? crash : undefined));
        await expect(provider.collectInvoice(request)).rejects.toBeInstanceOf(PaymentProviderError);
        clock.advance(downMs);
        proxy.reset();
        const where = `${crash} step ${step}, ${steps[step - 1]}`;
        expect(await provider.collectInvoice(request), where).toMatchObject({ status: 'paid', subtotalMinor: 6100n });
        const invoices = await invoicesOf(client, customer);
        expect(
          invoices.map(({ status }) => status),
          where,
        ).toEqual(['paid']);
        expect(await chargesOf(client, customer, 'charge.succeeded'), where).toHaveLength(1);
      }
    }
  });

  it('ends with one charge of each, whichever requests fail, are refused or get no answer, with three seeds', async () => {
    await Promise.all([1, 2, 3].map(collectDespiteFaults));
  });

  it('ends with one charge when two processes collect at once', async () => {
    await using sandbox = await aSandbox();
    const customer = await aCustomer(sandbox.client);
    const request = aRequest(customer);
    const both = [aProvider(sandbox.running.url), aProvider(sandbox.running.url)];
    const collected = await Promise.all(both.map((provider) => provider.collectInvoice(request)));
    expect(collected.map(({ status }) => status)).toEqual(['paid', 'paid']);
    expect(await invoicesOf(sandbox.client, customer)).toHaveLength(1);
    expect(await chargesOf(sandbox.client, customer, 'charge.succeeded')).toHaveLength(1);
  });
});

describe('a card that is declined', () => {
  it('leaves the invoice open with the reason, is charged once per attempt, and gives way to a new card', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const provider = aProvider(sandbox.running.url);
    const customer = await aCustomer(client, 'pm_card_chargeCustomerFail');
    const request = aRequest(customer);
    const declined = { status: 'open', failure: { code: 'generic_decline', message: 'Your card was declined.' } };
    const first = await provider.collectInvoice(request);
    expect(first).toMatchObject(declined);
    expect(first.paymentId).toMatch(/^pi_/);
    expect(await provider.collectInvoice(request)).toMatchObject(declined);
    expect(await chargesOf(client, customer, 'charge.failed')).toHaveLength(1);
    expect(await provider.collectInvoice({ ...request, attempt: 2 })).toMatchObject(declined);
    expect(await chargesOf(client, customer, 'charge.failed')).toHaveLength(2);
    idOf(await client.post('/v1/payment_methods/pm_card_visa/attach', { customer }));
    expect(await provider.collectInvoice({ ...request, attempt: 3 })).toMatchObject({ status: 'paid', failure: null });
    expect(await invoicesOf(client, customer)).toHaveLength(1);
  });

  it('is told from no card at all', async () => {
    await using sandbox = await aSandbox();
    const customer = idOf(await sandbox.client.post('/v1/customers'));
    const collected = await aProvider(sandbox.running.url).collectInvoice(aRequest(customer));
    expect(collected).toMatchObject({ status: 'open', failure: { code: 'payment_method_missing' } });
  });
});

describe('an invoice that does not match', () => {
  /** Leaves a draft at Stripe with all of our lines. */
  async function aStoppedDraft(client: SandboxClient, url: string) {
    const proxy = await CrashingProxy.start(url);
    const request = aRequest(await aCustomer(client));
    proxy.reset((each) => (each.endsWith('/finalize') ? 'before' : undefined));
    await expect(aProvider(proxy.url).collectInvoice(request)).rejects.toBeInstanceOf(PaymentProviderError);
    await proxy[Symbol.asyncDispose]();
    return { request, draft: String((await invoicesOf(client, request.providerCustomerId))[0]!['id']) };
  }

  it('is never finalized, and the next generation replaces the draft under the same number', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const provider = aProvider(sandbox.running.url);
    const { request, draft } = await aStoppedDraft(client, sandbox.running.url);
    const { providerCustomerId: customer } = request;
    idOf(await client.post('/v1/invoiceitems', { customer, invoice: draft, amount: 1, currency: 'usd' }));
    const error = await provider.collectInvoice(request).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PaymentMismatchError);
    expect((error as PaymentMismatchError).differences).toEqual([
      'the count of lines is 4, not 3',
      'line without an id is not ours',
      'the sum of lines is 6101, not 6100',
      'the subtotal is 6101, not 6100',
      'the total without tax is 6101, not 6100',
      'the total is 6101, not 6100',
    ]);
    expect((await client.get(`/v1/invoices/${draft}`)).body['status']).toBe('draft');
    const rebuilt = await provider.collectInvoice({ ...request, generation: 2 });
    expect(rebuilt).toMatchObject({ status: 'paid', subtotalMinor: 6100n });
    expect(await invoicesOf(client, customer)).toHaveLength(1);
  });

  it.each([
    ['its rating', { ratingHash: 'hash-2' }],
    ['its number', { number: 'TG-other' }],
  ] satisfies [string, Partial<CollectInvoiceRequest>][])(
    'because %s has changed since is not finalized',
    async (_part, change) => {
      await using sandbox = await aSandbox();
      const { request, draft } = await aStoppedDraft(sandbox.client, sandbox.running.url);
      const changed = aProvider(sandbox.running.url).collectInvoice({ ...request, ...change });
      await expect(changed).rejects.toBeInstanceOf(PaymentMismatchError);
      expect((await sandbox.client.get(`/v1/invoices/${draft}`)).body['status']).toBe('draft');
    },
  );

  it.each([
    [
      'a discount',
      { 'discounts[0][coupon]': 'HALF' },
      ['the total without tax is 3033, not 6100', 'the total is 3033, not 6100'],
    ],
    ['a tax', { 'default_tax_rates[0]': 'txr' }, ['the total is 6710, not 6100']],
  ])('because somebody has put %s on the draft is not finalized', async (_name, change, differences) => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const { request, draft } = await aStoppedDraft(client, sandbox.running.url);
    idOf(await client.post('/v1/coupons', { id: 'HALF', percent_off: 50, duration: 'once' }));
    const rate = idOf(await client.post('/v1/tax_rates', { display_name: 'Tax', percentage: 10, inclusive: 'false' }));
    const form = Object.entries(change).map(([name, value]) => [name, value === 'txr' ? rate : value]);
    idOf(await client.post(`/v1/invoices/${draft}`, Object.fromEntries(form) as Record<string, string>));
    const collected = aProvider(sandbox.running.url).collectInvoice(request);
    await expect(collected).rejects.toMatchObject({ differences });
    expect((await client.get(`/v1/invoices/${draft}`)).body['status']).toBe('draft');
  });

  it('is never sent when its own lines do not add up', async () => {
    await using sandbox = await aSandbox();
    const customer = await aCustomer(sandbox.client);
    const request = aRequest(customer, { subtotalMinor: 6101n });
    await expect(aProvider(sandbox.running.url).collectInvoice(request)).rejects.toBeInstanceOf(PaymentMismatchError);
    expect(await invoicesOf(sandbox.client, customer)).toEqual([]);
  });

  it('is not asked for twice once an earlier generation was finalized', async () => {
    await using sandbox = await aSandbox();
    const provider = aProvider(sandbox.running.url);
    const request = aRequest(await aCustomer(sandbox.client));
    await provider.collectInvoice(request);
    const again = provider.collectInvoice({ ...request, generation: 2, number: 'TG-2' });
    await expect(again).rejects.toBeInstanceOf(PaymentStateError);
    expect(await chargesOf(sandbox.client, request.providerCustomerId, 'charge.succeeded')).toHaveLength(1);
  });
});
