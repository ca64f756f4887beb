import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebhookSignatureError } from '#domain';
import { createStripePaymentProvider } from './stripe-payment-provider.js';

const nowSeconds = 1_800_000_000;
const provider = createStripePaymentProvider({
  secretKey: 'sk_test_1',
  webhookSecret: 'whsec_old,whsec_new',
  allowLive: false,
});
const payload = JSON.stringify({
  id: 'evt_1',
  object: 'event',
  type: 'invoice.paid',
  created: nowSeconds - 86_400,
  data: { object: { id: 'in_1', object: 'invoice', customer: 'cus_1' } },
});

const signed = (secret: string, timestamp: number) =>
  new Stripe('sk_test_1').webhooks.generateTestHeaderString({ payload, secret, timestamp });
const parse = (header: string) => provider.parseWebhook(Buffer.from(payload), header);

describe('a webhook', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: nowSeconds * 1000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is good for five minutes after it was signed, however old its event is', () => {
    const event = { id: 'evt_1', providerInvoiceId: 'in_1', providerCustomerId: 'cus_1' };
    expect(parse(signed('whsec_new', nowSeconds - 300))).toMatchObject(event);
    expect(() => parse(signed('whsec_new', nowSeconds - 301))).toThrow(WebhookSignatureError);
  });

  it('is good with either secret while it is rolled, in a header with several signatures, and with no other', () => {
    const header = signed('whsec_old', nowSeconds);
    expect(parse(header)).toMatchObject({ id: 'evt_1' });
    expect(parse(`${signed('whsec_gone', nowSeconds)},v1=${header.split('v1=')[1]}`)).toMatchObject({ id: 'evt_1' });
    expect(() => parse(signed('whsec_gone', nowSeconds))).toThrow(WebhookSignatureError);
  });
});
