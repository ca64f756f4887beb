import { readdirSync } from 'node:fs';
import path from 'node:path';
import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { eitherStripe } from '../../support/stripe-sandbox/either-stripe.js';
import { hasStripeCli, runStripeCli } from '../../support/stripe-sandbox/stripe-cli.js';

const folder = path.resolve(import.meta.dirname, '../../../apps/stripe-sandbox/scenarios');

type Check = (stripe: Stripe, customer: string) => Promise<void>;

async function onlyInvoice(stripe: Stripe, customer: string): Promise<Stripe.Invoice> {
  const { data } = await stripe.invoices.list({ customer, expand: ['data.payments'] });
  expect(data).toHaveLength(1);
  return data[0]!;
}

function paymentOf({ payments }: Stripe.Invoice): string {
  const { payment_intent: intent } = payments!.data[0]!.payment;
  return typeof intent === 'object' ? intent.id : intent!;
}

/** What is there once a file of `apps/stripe-sandbox/scenarios` has run, by its name; of the customer that the file has made. */
const checks: Readonly<Record<string, Check>> = {
  'invoice-paid': async (stripe, customer) => {
    const invoice = await onlyInvoice(stripe, customer);
    expect(invoice).toMatchObject({
      status: 'paid',
      currency: 'eur',
      total: 6100,
      amount_paid: 6100,
      customer_name: 'Ada AG',
      customer_tax_ids: [{ type: 'eu_vat', value: 'DE136695976' }],
    });
    const lines = await stripe.invoices.listLineItems(invoice.id);
    const amounts = Object.fromEntries(lines.data.map(({ metadata, amount }) => [metadata['line_id'], amount]));
    expect(amounts).toEqual({ fee: 4900, usage: 1234, credit: -34 });
    const sessions = await stripe.checkout.sessions.list({ customer });
    expect(sessions.data).toMatchObject([{ mode: 'setup', status: 'open', payment_status: 'no_payment_required' }]);
    expect(await stripe.paymentIntents.retrieve(paymentOf(invoice))).toMatchObject({
      status: 'succeeded',
      amount_received: 6100,
    });
  },

  'card-declined': async (stripe, customer) => {
    expect(await onlyInvoice(stripe, customer)).toMatchObject({
      status: 'open',
      attempted: true,
      amount_paid: 0,
      amount_remaining: 500,
    });
    const { data } = await stripe.charges.list({ customer });
    expect(data).toMatchObject([{ status: 'failed', paid: false, failure_code: 'card_declined' }]);
  },

  'payment-refunded': async (stripe, customer) => {
    const invoice = await onlyInvoice(stripe, customer);
    expect(invoice).toMatchObject({ status: 'paid', total: 1200, post_payment_credit_notes_amount: 450 });
    const refunds = await stripe.refunds.list({ payment_intent: paymentOf(invoice) });
    expect(refunds.data).toMatchObject([{ amount: 450, status: 'succeeded' }]);
    const notes = await stripe.creditNotes.list({ invoice: invoice.id });
    expect(notes.data).toMatchObject([
      { total: 450, status: 'issued', refunds: [{ refund: refunds.data[0]!.id, amount_refunded: 450 }] },
    ]);
  },

  'payment-disputed': async (stripe, customer) => {
    const invoice = await onlyInvoice(stripe, customer);
    const read = () => stripe.disputes.list({ payment_intent: paymentOf(invoice) });
    const { data } = await eventually(read, ({ data: found }) => found.length > 0, 60_000);
    expect(data).toMatchObject([{ amount: 1000, reason: 'fraudulent', status: 'needs_response' }]);
    // The bank has the money; the invoice says nothing of it.
    expect(await onlyInvoice(stripe, customer)).toMatchObject({ status: 'paid', amount_paid: 1000 });
  },

  'usage-metered': async (stripe, customer) => {
    const meters = await stripe.billing.meters.list({ status: 'active', limit: 100 });
    const meter = meters.data.find(({ event_name: name }) => name === `${run}-calls`)!;
    const end = Math.ceil(Date.now() / 60_000) * 60;
    const window = { customer, start_time: end - 600, end_time: end };
    const read = () => stripe.billing.meters.listEventSummaries(meter.id, window);
    const counted = ({ data }: Awaited<ReturnType<typeof read>>) =>
      data.reduce((sum, { aggregated_value: value }) => sum + value, 0);
    // A copy that counted twice would be seen as 19 at the latest when 12 are there: it came between the two.
    const summaries = await eventually(read, (found) => counted(found) >= 12, 120_000);
    expect(counted(summaries)).toBe(12);
    await stripe.billing.meters.deactivate(meter.id);
  },
};

const run = `tollgate-${process.hrtime.bigint()}`;

it('checks every scenario file', () => {
  const files = readdirSync(folder).map((file) => path.basename(file, '.json'));
  expect(files.toSorted()).toEqual(Object.keys(checks).toSorted());
});

describe.each(eitherStripe)(
  'scenario files for the command line of Stripe, at %s',
  { concurrent: true },
  (_name, isThere, start) => {
    it.skipIf(!isThere || !hasStripeCli).each(Object.keys(checks))(
      'leave behind what they say (needs its binary for this platform): %s',
      { timeout: 300_000 },
      async (name) => {
        await using provider = await start();
        const file = path.join(folder, `${name}.json`);
        const target = { ...provider.target, env: { SCENARIO_RUN: run } };
        const { succeeded, output } = await runStripeCli(['fixtures', file], target);
        expect(succeeded, output).toBe(true);
        const { data } = await provider.stripe.customers.list({ email: `${run}-${name}@tollgate.test` });
        expect(data).toHaveLength(1);
        await checks[name]!(provider.stripe, data[0]!.id);
      },
    );
  },
);
