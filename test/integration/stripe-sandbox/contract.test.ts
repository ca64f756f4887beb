import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { eitherStripe } from '../../support/stripe-sandbox/either-stripe.js';

const aRun = `tollgate-${process.hrtime.bigint()}`;

/** A customer on a clock of its own, so that time can pass at Stripe as well. */
async function aPayer(stripe: Stripe, frozenTime: number, card = 'pm_card_visa') {
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: frozenTime });
  const customer = await stripe.customers.create({ email: 'contract@tollgate.test', test_clock: clock.id });
  const method = await stripe.paymentMethods.attach(card, { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method.id } });
  const advance = async (to: number): Promise<void> => {
    await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: to });
    for (;;) {
      const { status } = await stripe.testHelpers.testClocks.retrieve(clock.id);
      if (status === 'ready') return;
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    }
  };
  return { customer: customer.id, method: method.id, clock: clock.id, advance };
}

async function anInvoice(stripe: Stripe, customer: string, amounts: readonly number[]) {
  const invoice = await stripe.invoices.create({ customer, currency: 'usd', auto_advance: false });
  for (const amount of amounts) {
    await stripe.invoiceItems.create({ customer, invoice: invoice.id, amount, currency: 'usd' });
  }
  return invoice.id;
}

const refusalOf = (
  request: Promise<unknown>,
): Promise<{ code?: string; type?: string; statusCode?: number; message?: string }> =>
  request.then(
    () => ({}),
    (error: unknown) => error as object,
  );

describe.each(eitherStripe)('what Tollgate relies on, at %s', (_name, isThere, start) => {
  const timeout = 300_000;

  it.skipIf(!isThere)(
    'replays an answer under its idempotency key, and refuses other parameters',
    { timeout },
    async () => {
      await using provider = await start();
      const { stripe } = provider;
      const options = { idempotencyKey: `${aRun}-customer` };
      const first = await stripe.customers.create({ name: 'Ada' }, options);
      const again = await stripe.customers.create({ name: 'Ada' }, options);
      expect(again.id).toBe(first.id);
      expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
      expect(await refusalOf(stripe.customers.create({ name: 'Eve' }, options))).toMatchObject({
        statusCode: 400,
        type: 'StripeIdempotencyError',
      });
    },
  );

  it.skipIf(!isThere)('refuses what it does not know', { timeout }, async () => {
    await using provider = await start();
    const { stripe } = provider;
    const unknown = stripe.customers.create({ nmae: 'Ada' } as Stripe.CustomerCreateParams);
    expect(await refusalOf(unknown)).toMatchObject({ statusCode: 400, code: 'parameter_unknown' });
    expect(await refusalOf(stripe.invoices.retrieve('in_none'))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
  });

  it.skipIf(!isThere)('adds up an invoice, charges it once, and never changes it again', { timeout }, async () => {
    await using provider = await start();
    const { stripe } = provider;
    const { customer, method, clock } = await aPayer(stripe, 1_800_000_000);
    const id = await anInvoice(stripe, customer, [4900, 1234, -34]);
    expect(await stripe.invoices.retrieve(id)).toMatchObject({ status: 'draft', subtotal: 6100, total: 6100 });
    await stripe.invoices.finalizeInvoice(id, { auto_advance: false });
    const paid = await stripe.invoices.pay(id, { payment_method: method, off_session: true });
    expect(paid).toMatchObject({ status: 'paid', amount_paid: 6100, amount_remaining: 0 });
    expect(await refusalOf(stripe.invoices.pay(id))).toMatchObject({ statusCode: 400 });
    expect(await refusalOf(stripe.invoices.update(id, { description: 'later' }))).toMatchObject({ statusCode: 400 });
    await stripe.testHelpers.testClocks.del(clock);
  });

  it.skipIf(!isThere)('keeps an invoice open whose card is declined, with the reason', { timeout }, async () => {
    await using provider = await start();
    const { stripe } = provider;
    const { customer, method, clock } = await aPayer(stripe, 1_800_000_000, 'pm_card_chargeCustomerFail');
    const id = await anInvoice(stripe, customer, [500]);
    await stripe.invoices.finalizeInvoice(id, { auto_advance: false });
    const declined = await refusalOf(stripe.invoices.pay(id, { payment_method: method, off_session: true }));
    expect(declined).toMatchObject({ statusCode: 402, code: 'card_declined' });
    expect(await stripe.invoices.retrieve(id)).toMatchObject({
      status: 'open',
      attempted: true,
      amount_remaining: 500,
    });
    await stripe.testHelpers.testClocks.del(clock);
  });

  it.skipIf(!isThere)('says on an invoice what its customer is when it is finalized', { timeout }, async () => {
    await using provider = await start();
    const { stripe } = provider;
    const { customer, clock } = await aPayer(stripe, 1_800_000_000);
    const id = await anInvoice(stripe, customer, [500]);
    await stripe.customers.update(customer, {
      name: 'Ada AG',
      address: { line1: 'Main St 1', line2: '', city: '', postal_code: '', state: '', country: 'DE' },
    });
    await stripe.customers.createTaxId(customer, { type: 'eu_vat', value: 'DE136695976' });
    const invoice = await stripe.invoices.finalizeInvoice(id, { auto_advance: false });
    expect(invoice).toMatchObject({
      customer_name: 'Ada AG',
      customer_address: { line1: 'Main St 1', country: 'DE' },
      customer_tax_ids: [{ type: 'eu_vat', value: 'DE136695976' }],
    });
    await stripe.testHelpers.testClocks.del(clock);
  });

  it.skipIf(!isThere)('computes the tax of an invoice once it knows where the customer is', { timeout }, async () => {
    await using provider = await start();
    const { stripe } = provider;
    const { customer, clock } = await aPayer(stripe, 1_800_000_000);
    const { id } = await stripe.invoices.create({
      customer,
      currency: 'eur',
      auto_advance: false,
      automatic_tax: { enabled: true },
      discounts: '',
    });
    const item = { customer, invoice: id, currency: 'eur', tax_behavior: 'exclusive' as const };
    await stripe.invoiceItems.create({ ...item, amount: 503 });
    await stripe.invoiceItems.create({ ...item, amount: 700, tax_code: 'txcd_00000000' });
    expect(await refusalOf(stripe.invoiceItems.create({ ...item, amount: -1 }))).toMatchObject({ statusCode: 400 });
    const inclusive = { ...item, amount: 1, tax_behavior: 'unspecified' as const };
    expect(await refusalOf(stripe.invoiceItems.create(inclusive))).toMatchObject({ statusCode: 400 });
    expect(await stripe.invoices.retrieve(id)).toMatchObject({
      automatic_tax: { enabled: true, status: 'requires_location_inputs' },
      total: 1203,
    });
    expect(await refusalOf(stripe.invoices.finalizeInvoice(id, { auto_advance: false }))).toMatchObject({
      statusCode: 400,
      code: 'customer_tax_location_invalid',
    });
    expect(
      await refusalOf(stripe.invoiceItems.create({ ...item, amount: 1, tax_code: 'txcd_00000001' })),
    ).toMatchObject({
      statusCode: 400,
      param: 'tax_code',
    });
    for (const tooLittle of [{ country: 'US', state: 'NY' }, { country: 'CA' }]) {
      await stripe.customers.update(customer, { address: tooLittle });
      expect(await stripe.invoices.update(id, { automatic_tax: { enabled: true } })).toMatchObject({
        automatic_tax: { status: 'requires_location_inputs' },
      });
    }
    await stripe.customers.update(customer, { address: { line1: 'Hauptstr. 1', postal_code: '10115', country: 'DE' } });
    const taxed = await stripe.invoices.update(id, { automatic_tax: { enabled: true } });
    expect(taxed).toMatchObject({ automatic_tax: { status: 'complete' }, total_excluding_tax: 1203 });
    // What is charged depends on where the account is registered.
    const tax = (taxed.total_taxes ?? []).reduce((sum, { amount }) => sum + amount, 0);
    expect(taxed.total).toBe(1203 + tax);
    for (const { tax_behavior: behavior, tax_rate_details: details } of taxed.total_taxes ?? []) {
      expect(behavior).toBe('exclusive');
      expect(await stripe.taxRates.retrieve(details!.tax_rate)).toMatchObject({ inclusive: false });
    }
    const finalized = await stripe.invoices.finalizeInvoice(id, { auto_advance: false });
    expect(finalized).toMatchObject({ status: 'open', total: taxed.total });
    const custom = { type: 'custom_line_item' as const, description: 'A gift', quantity: 1, unit_amount: 100 };
    expect(await refusalOf(stripe.creditNotes.create({ invoice: id, lines: [custom] }))).toMatchObject({
      statusCode: 400,
    });
    expect(await stripe.creditNotes.create({ invoice: id, amount: 100 })).toMatchObject({ total: 100 });
    await stripe.testHelpers.testClocks.del(clock);
  });

  it.skipIf(!isThere)('charges no part of a króna, of which it counts a hundred', { timeout }, async () => {
    await using provider = await start();
    const { stripe } = provider;
    const fraction = stripe.paymentIntents.create({ amount: 50_010, currency: 'isk' });
    expect(await refusalOf(fraction)).toMatchObject({
      statusCode: 400,
      code: 'invalid_charge_amount_no_decimal_compatible',
    });
    expect(await stripe.paymentIntents.create({ amount: 50_000, currency: 'isk' })).toMatchObject({ amount: 50_000 });
  });

  it.skipIf(!isThere)('counts usage once, and refuses its identifier the second time', { timeout }, async () => {
    await using provider = await start();
    const { stripe } = provider;
    const eventName = `${aRun}-calls`;
    const meter = await stripe.billing.meters.create({
      display_name: 'Contract',
      event_name: eventName,
      default_aggregation: { formula: 'sum' },
    });
    const { id: customer } = await stripe.customers.create({ email: 'contract@tollgate.test' });
    const event = {
      event_name: eventName,
      payload: { stripe_customer_id: customer, value: '7' },
      identifier: `${aRun}-first`,
    };
    const { timestamp } = await stripe.billing.meterEvents.create(event);
    const again = stripe.billing.meterEvents.create(event);
    expect(await refusalOf(again)).toMatchObject({
      statusCode: 400,
      message: expect.stringMatching(/already exists with identifier/i),
    });
    const start_time = Math.floor(timestamp / 60) * 60;
    const summaries = () =>
      stripe.billing.meters.listEventSummaries(meter.id, { customer, start_time, end_time: start_time + 60 });
    const { data } = await eventually(summaries, ({ data: found }) => found.length > 0, 120_000);
    expect(data).toMatchObject([{ aggregated_value: 7 }]);
    await stripe.billing.meters.deactivate(meter.id);
  });

  it.skipIf(!isThere)('renews on the last day of a month that lacks the day of the anchor', { timeout }, async () => {
    await using provider = await start();
    const { stripe } = provider;
    const at = (iso: string): number => Date.parse(`${iso}T12:00:00Z`) / 1000;
    const { customer, clock, advance } = await aPayer(stripe, at('2027-01-31'));
    const price = await stripe.prices.create({
      currency: 'usd',
      unit_amount: 1500,
      recurring: { interval: 'month' },
      product_data: { name: 'Contract' },
    });
    const { id } = await stripe.subscriptions.create({ customer, items: [{ price: price.id }] });
    await advance(at('2027-02-28') + 2 * 3600);
    const subscription = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
    expect(subscription.items.data[0]).toMatchObject({
      current_period_start: at('2027-02-28'),
      current_period_end: at('2027-03-31'),
    });
    expect(subscription.latest_invoice).toMatchObject({
      status: 'paid',
      total: 1500,
      billing_reason: 'subscription_cycle',
    });
    await stripe.testHelpers.testClocks.del(clock);
  });
});
