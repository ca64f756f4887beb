import { describe, expect, it } from 'vitest';
import { aCustomer, aDraft, aSandbox, dataOf, idOf } from '../../../../test/support/stripe-sandbox/sandbox-client.js';

describe('an invoice', () => {
  it('goes from draft to open to paid, and says so in events', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = await aCustomer(client);
    const card = String(dataOf(await client.get(`/v1/customers/${customer}/payment_methods`))[0]!['id']);
    const invoice = await aDraft(client, customer, [1000, 250]);
    const open = await client.post(`/v1/invoices/${invoice}/finalize`, { auto_advance: 'false' });
    expect(open.body).toMatchObject({ status: 'open', subtotal: 1250, total: 1250, amount_due: 1250 });
    expect(open.body['number']).toMatch(/^[0-9A-Z]{8}-0001$/);
    const paid = await client.post(`/v1/invoices/${invoice}/pay?`, { payment_method: card });
    expect(paid.body).toMatchObject({ status: 'paid', amount_paid: 1250, amount_remaining: 0, attempt_count: 1 });
    const types = dataOf(await client.get('/v1/events?limit=100')).map(({ type }) => type);
    for (const type of ['invoice.created', 'invoice.finalized', 'invoice.paid', 'payment_intent.succeeded']) {
      expect(types).toContain(type);
    }
  });

  it('counts a declined payment as an attempt, keeps it, and stays open', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = await aCustomer(client, 'pm_card_chargeCustomerFail');
    const card = String(dataOf(await client.get(`/v1/customers/${customer}/payment_methods`))[0]!['id']);
    const invoice = await aDraft(client, customer, [500]);
    const declined = await client.post(`/v1/invoices/${invoice}/pay`, { payment_method: card });
    expect(declined.status).toBe(402);
    expect(declined.body).toMatchObject({
      error: { type: 'card_error', code: 'card_declined', decline_code: 'generic_decline' },
    });
    expect(
      (await client.get(`/v1/invoices/${invoice}?expand[]=payments.data.payment.payment_intent`)).body,
    ).toMatchObject({
      status: 'open',
      attempted: true,
      attempt_count: 1,
      payments: {
        data: [
          {
            status: 'open',
            payment: {
              payment_intent: { status: 'requires_payment_method', last_payment_error: { type: 'card_error' } },
            },
          },
        ],
      },
    });
    expect(dataOf(await client.get('/v1/events?type=invoice.payment_failed'))).toHaveLength(1);
  });

  it('cannot be changed once finalized, but for metadata', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = await aCustomer(client);
    const invoice = await aDraft(client, customer, [500]);
    idOf(await client.post(`/v1/invoices/${invoice}`, { number: 'TG-1' }));
    idOf(await client.post(`/v1/invoices/${invoice}/finalize`));
    for (const [path, form] of [
      [`/v1/invoices/${invoice}`, { number: 'TG-2' }],
      [`/v1/invoices/${invoice}/finalize`, {}],
      ['/v1/invoiceitems', { customer, invoice, amount: 1, currency: 'usd' }],
    ] as const) {
      expect((await client.post(path, form)).body).toMatchObject({ error: { code: 'invoice_not_editable' } });
    }
    expect((await client.delete(`/v1/invoices/${invoice}`)).status).toBe(400);
    const changed = await client.post(`/v1/invoices/${invoice}`, { 'metadata[a]': 'b' });
    expect(changed.body).toMatchObject({ number: 'TG-1', metadata: { a: 'b' } });
  });

  it('of zero is paid as it is finalized, and cannot be paid again', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const invoice = await aDraft(client, await aCustomer(client), [500, -500]);
    expect((await client.post(`/v1/invoices/${invoice}/finalize`)).body).toMatchObject({
      status: 'paid',
      amount_due: 0,
    });
    expect((await client.post(`/v1/invoices/${invoice}/pay`)).body).toMatchObject({
      error: { message: 'Invoice is already paid' },
    });
  });

  it('below the least charge is carried in the balance, and voiding the next one gives it back', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = await aCustomer(client);
    const small = await aDraft(client, customer, [49]);
    expect((await client.post(`/v1/invoices/${small}/finalize`)).body).toMatchObject({
      status: 'paid',
      ending_balance: 49,
    });
    const next = await aDraft(client, customer, [100]);
    expect((await client.post(`/v1/invoices/${next}/finalize`)).body).toMatchObject({ amount_due: 149, total: 100 });
    expect((await client.post(`/v1/invoices/${next}/void`)).body).toMatchObject({ status: 'void' });
    expect((await client.get(`/v1/customers/${customer}`)).body).toMatchObject({ balance: 49 });
  });

  it('takes pending items only when asked to', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = await aCustomer(client);
    idOf(await client.post('/v1/invoiceitems', { customer, amount: 700, currency: 'usd' }));
    const without = await client.post('/v1/invoices', { customer, currency: 'usd' });
    expect(without.body).toMatchObject({ total: 0 });
    const withItems = await client.post('/v1/invoices', {
      customer,
      currency: 'usd',
      pending_invoice_items_behavior: 'include',
    });
    expect(withItems.body).toMatchObject({ total: 700, lines: { data: [{ amount: 700 }] } });
  });

  it('follows an item that is changed while it is a draft, and refuses the change afterwards', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = await aCustomer(client);
    const invoice = await aDraft(client, customer, [500]);
    const [item] = dataOf(await client.get(`/v1/invoiceitems?invoice=${invoice}`));
    const path = `/v1/invoiceitems/${String(item!['id'])}`;
    const changed = await client.post(path, { amount: 800, description: 'More calls', 'metadata[a]': 'b' });
    expect(changed.body).toMatchObject({ amount: 800, description: 'More calls', metadata: { a: 'b' } });
    expect((await client.get(`/v1/invoices/${invoice}`)).body).toMatchObject({
      total: 800,
      lines: { data: [{ amount: 800, description: 'More calls', metadata: { a: 'b' } }] },
    });
    await client.post(`/v1/invoices/${invoice}/finalize`);
    expect((await client.post(path, { amount: 1 })).body['error']).toMatchObject({ code: 'invoice_not_editable' });
    const pending = idOf(await client.post('/v1/invoiceitems', { customer, amount: 5, currency: 'usd' }));
    expect((await client.post(`/v1/invoiceitems/${pending}`, { amount: 6 })).body).toMatchObject({ amount: 6 });
  });

  it('shows ten lines and lists the rest, and takes no more than 250', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = await aCustomer(client);
    const invoice = await aDraft(client, customer, []);
    const fifty = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`lines[${index}][amount]`, 1]));
    for (let count = 0; count < 5; count++) idOf(await client.post(`/v1/invoices/${invoice}/add_lines`, fifty));
    const shown = await client.get(`/v1/invoices/${invoice}`);
    expect(shown.body).toMatchObject({ total: 250, lines: { has_more: true, url: `/v1/invoices/${invoice}/lines` } });
    expect(dataOf(await client.get(`/v1/invoices/${invoice}/lines?limit=100`))).toHaveLength(100);
    const oneMore = await client.post('/v1/invoiceitems', { customer, invoice, amount: 1, currency: 'usd' });
    expect(oneMore.status).toBe(400);
  });

  it('loses the line of a deleted item', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = await aCustomer(client);
    const invoice = await aDraft(client, customer, [300, 40]);
    const item = String(dataOf(await client.get(`/v1/invoiceitems?invoice=${invoice}`))[0]!['id']);
    expect((await client.delete(`/v1/invoiceitems/${item}`)).body).toEqual({
      id: item,
      object: 'invoiceitem',
      deleted: true,
    });
    expect((await client.get(`/v1/invoices/${invoice}`)).body).toMatchObject({
      total: 300,
      lines: { data: [{ amount: 300 }] },
    });
  });

  it('refuses a number that is taken', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = await aCustomer(client);
    idOf(await client.post('/v1/invoices', { customer, number: 'TG-1' }));
    expect((await client.post('/v1/invoices', { customer, number: 'TG-1' })).status).toBe(400);
  });

  it('asks for less with each credit note, is paid by the last, and is credited no more than its total', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = await aCustomer(client);
    const invoice = await aDraft(client, customer, [500]);
    const credit = (amount: number, outOfBand?: number) =>
      client.post('/v1/credit_notes', {
        invoice,
        amount,
        ...(outOfBand !== undefined && { out_of_band_amount: outOfBand }),
      });
    expect((await credit(1)).status).toBe(400);
    idOf(await client.post(`/v1/invoices/${invoice}/finalize`));
    expect((await credit(120)).body).toMatchObject({ type: 'pre_payment', pre_payment_amount: 120, total: 120 });
    expect((await client.get(`/v1/invoices/${invoice}?expand[]=payments`)).body).toMatchObject({
      status: 'open',
      total: 500,
      amount_due: 380,
      amount_remaining: 380,
      payments: { data: [{ amount_requested: 380 }] },
    });
    for (const [amount, outOfBand] of [[0], [381], [380, 1]])
      expect((await credit(amount!, outOfBand)).status).toBe(400);
    idOf(await credit(380));
    expect((await client.get(`/v1/invoices/${invoice}`)).body).toMatchObject({ status: 'paid', amount_paid: 0 });
    expect(dataOf(await client.get('/v1/events?type=invoice.paid'))).toHaveLength(1);
    expect((await credit(1, 1)).status).toBe(400);
  });

  it('that was paid is credited outside of Stripe, and says so', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const invoice = await aDraft(client, await aCustomer(client), [500]);
    idOf(await client.post(`/v1/invoices/${invoice}/pay`, { paid_out_of_band: 'true' }));
    expect((await client.post('/v1/credit_notes', { invoice, amount: 200 })).body).toMatchObject({
      error: { message: expect.stringContaining('must equal the post payment amount (200)') },
    });
    const note = await client.post('/v1/credit_notes', { invoice, amount: 200, out_of_band_amount: 200 });
    expect(note.body).toMatchObject({ type: 'post_payment', post_payment_amount: 200 });
    expect((await client.get(`/v1/invoices/${invoice}`)).body).toMatchObject({ post_payment_credit_notes_amount: 200 });
  });

  it('can be given up once it is open, and then be paid or voided', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = await aCustomer(client);
    for (const [action, status] of [
      ['pay', 'paid'],
      ['void', 'void'],
    ]) {
      const invoice = await aDraft(client, customer, [500]);
      expect((await client.post(`/v1/invoices/${invoice}/mark_uncollectible`)).status).toBe(400);
      idOf(await client.post(`/v1/invoices/${invoice}/finalize`));
      const given = await client.post(`/v1/invoices/${invoice}/mark_uncollectible`);
      expect(given.body).toMatchObject({ status: 'uncollectible', amount_remaining: 500 });
      const [card] = dataOf(await client.get(`/v1/customers/${customer}/payment_methods`));
      const form: Record<string, string> = action === 'pay' ? { payment_method: String(card!['id']) } : {};
      expect((await client.post(`/v1/invoices/${invoice}/${action}`, form)).body).toMatchObject({ status });
    }
  });
});
