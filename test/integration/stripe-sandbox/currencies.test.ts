import { describe, expect, it } from 'vitest';
import type { CollectInvoiceRequest, PaymentProvider, ProviderFee } from '#domain';
import { createStripePaymentProvider } from '#stripe';
import { aSandbox, dataOf, idOf, testKey } from '../../support/stripe-sandbox/sandbox-client.js';

const currencies = [
  { currency: 'ISK', paid: 6100n, charged: 610_000, page: 'ISK 6,100.00', refunded: 100n, returned: 10_000, fee: 177n },
  { currency: 'UGX', paid: 6100n, charged: 610_000, page: 'UGX 6,100.00', refunded: 100n, returned: 10_000, fee: 177n },
  { currency: 'JPY', paid: 6100n, charged: 6100, page: '¥6,100', refunded: 1n, returned: 1, fee: 207n },
  { currency: 'KWD', paid: 6110n, charged: 6110, page: 'KWD 6.110', refunded: 10n, returned: 10, fee: 207n },
  { currency: 'MGA', paid: 610_000n, charged: 6100, page: 'MGA 6,100', refunded: 100n, returned: 1, fee: 20_700n },
];

async function feesOf(provider: PaymentProvider): Promise<ProviderFee[]> {
  const fees: ProviderFee[] = [];
  for await (const fee of provider.listFees(new Date(0), null)) fees.push(fee);
  return fees;
}

function anInvoice(providerCustomerId: string, currency: string, amountMinor: bigint): CollectInvoiceRequest {
  const periodStartMs = Date.UTC(2026, 7, 1);
  const line = { lineId: 'credits', description: 'Credits', periodStartMs, periodEndMs: periodStartMs + 1000 };
  return {
    invoiceId: 'inv-1',
    generation: 1,
    number: 'TG-1',
    currency,
    providerCustomerId,
    buyer: null,
    ratingHash: 'hash-1',
    lines: [{ ...line, amountMinor }],
    subtotalMinor: amountMinor,
  };
}

describe('money of currencies that Stripe counts in its own way', () => {
  it.each(currencies)(
    'is paid on a page, charged with a fee, and given back in $currency',
    async ({ currency, paid, charged, page, refunded, returned, fee }) => {
      await using sandbox = await aSandbox();
      const { client, running } = sandbox;
      const options = { secretKey: testKey, apiBase: running.url, webhookSecret: 'whsec_1', allowLive: false };
      const provider = createStripePaymentProvider(options);
      const providerCustomerId = idOf(await client.post('/v1/customers', { name: 'Ada' }));
      const checkout = { invoiceId: 'inv-1', providerCustomerId, title: 'Invoice TG-1', amountMinor: paid, currency };
      const urls = { successUrl: 'http://127.0.0.1/paid', cancelUrl: 'http://127.0.0.1/left' };
      const { url, sessionId } = await provider.createCheckout({ ...checkout, ...urls });
      expect((await (await fetch(url)).text()).replaceAll('\u00a0', ' ')).toContain(`Pay ${page}`);
      const body = new URLSearchParams({ number: '4242424242424242', expiry: '12/40', cvc: '123', name: '' });
      expect((await fetch(url, { method: 'POST', body, redirect: 'manual' })).status).toBe(303);
      const seen = await provider.retrieveCheckout(sessionId);
      if (seen.state !== 'paid') throw new Error(`the page is ${seen.state}`);
      const request = anInvoice(providerCustomerId, currency, paid);
      const settlement = { paymentId: seen.providerPaymentId };
      const collected = await provider.collectInvoice({ ...request, settlement });
      expect(collected).toMatchObject({ status: 'paid', paymentId: seen.providerPaymentId, paymentMinor: paid });

      const refund = await provider.refundPayment({
        refundId: 'refund-1',
        creditNoteId: 'note-1',
        providerInvoiceId: collected.providerInvoiceId,
        providerPaymentId: seen.providerPaymentId,
        providerRefundId: null,
        currency,
        amountMinor: refunded,
        reason: 'Too many',
      });
      expect(refund).toMatchObject({ state: 'succeeded', amountMinor: refunded });
      expect(refund.providerCreditNoteId).toMatch(/^cn_/);
      const [charge] = dataOf(await client.get('/v1/charges'));
      expect(charge).toMatchObject({ amount: charged, amount_refunded: returned, currency: currency.toLowerCase() });
      expect(await feesOf(provider)).toMatchObject([{ kind: 'payment', currency, amountMinor: fee }]);
    },
  );
});
