import Stripe from 'stripe';
import {
  WebhookSignatureError,
  type CollectedInvoice,
  type CollectInvoiceRequest,
  type ComputedTax,
  type ComputeTaxRequest,
  type CreateCheckoutRequest,
  type CreatePortalSessionRequest,
  type CreateSetupSessionRequest,
  type DocumentedRefund,
  type EnsureCustomerRequest,
  type PaymentProvider,
  type ProviderCheckout,
  type ProviderDispute,
  type ProviderEvent,
  type ProviderFee,
  type ProviderInvoice,
  type ProviderInvoiceHead,
  type ProviderRefund,
  type RefundRequest,
  type SavedPaymentMethod,
} from '#domain';
import { createCheckout, expireCheckout, retrieveCheckout } from './checkout.js';
import { collectInvoice } from './collect-invoice.js';
import { computeTax } from './compute-tax.js';
import { cardToCharge, ensureCustomer, toSavedPaymentMethod } from './customers.js';
import { toProviderDispute } from './dispute.js';
import { toProviderFee } from './provider-fee.js';
import { createPortalSession } from './portal-session.js';
import { readProviderInvoice, toProviderInvoiceHead } from './provider-invoice.js';
import { refundPayment, toProviderRefund } from './refund-payment.js';
import { stripeMinimumChargeMinor } from './minimum-charge.js';
import { StripeMeteredBilling } from './stripe-metered-billing.js';
import { voidInvoice } from './void-invoice.js';
import { createStripeClient, type StripePaymentProviderOptions } from './stripe-client.js';
import { translatingErrors } from './translate-error.js';

/**
 * A `PaymentProvider` on Stripe, or on anything that speaks its API at `apiBase`. Tollgate rates, Stripe collects.
 * Throws `InvalidError` for a live key that is not allowed and for a malformed `apiBase`.
 */
export function createStripePaymentProvider(options: StripePaymentProviderOptions): PaymentProvider {
  return new StripePaymentProvider(
    createStripeClient(options),
    options.webhookSecret.split(',').map((secret) => secret.trim()),
    paymentPages(options.apiBase),
    options.minimumCharges ?? {},
    options.invoiceUrl,
  );
}

/** Where people see a payment, and hand in evidence: Stripe's dashboard, or the sandbox's. */
function paymentPages(apiBase: string | undefined): (providerPaymentId: string, isLive: boolean) => string {
  if (apiBase !== undefined) return () => new URL('/control', apiBase).href;
  return (id, isLive) => `https://dashboard.stripe.com/${isLive ? '' : 'test/'}payments/${id}`;
}

class StripePaymentProvider implements PaymentProvider {
  readonly metered;

  constructor(
    private readonly stripe: Stripe,
    private readonly webhookSecrets: readonly string[],
    private readonly pageOf: (providerPaymentId: string, isLive: boolean) => string,
    private readonly minimumCharges: Readonly<Record<string, bigint>>,
    private readonly invoiceUrl: StripePaymentProviderOptions['invoiceUrl'],
  ) {
    this.metered = new StripeMeteredBilling(stripe);
  }

  minimumChargeMinor(currency: string): bigint {
    return this.minimumCharges[currency] ?? stripeMinimumChargeMinor(currency);
  }

  ensureCustomer(request: EnsureCustomerRequest): Promise<{ readonly providerCustomerId: string }> {
    return translatingErrors(async () => ({ providerCustomerId: await ensureCustomer(this.stripe, request) }));
  }

  createSetupSession(
    request: CreateSetupSessionRequest,
  ): Promise<{ readonly url: string; readonly sessionId: string }> {
    return translatingErrors(async () => {
      const session = await this.stripe.checkout.sessions.create({
        mode: 'setup',
        allowed_payment_method_types: ['card'],
        customer: request.providerCustomerId,
        currency: request.currency.toLowerCase(),
        client_reference_id: request.organizationId,
        metadata: { organization_id: request.organizationId },
        success_url: request.successUrl,
        cancel_url: request.cancelUrl,
      });
      if (session.url === null) throw new Error(`Stripe made checkout session ${session.id} without a page.`);
      return { url: session.url, sessionId: session.id };
    });
  }

  createPortalSession(request: CreatePortalSessionRequest): Promise<{ readonly url: string }> {
    return translatingErrors(async () => ({ url: await createPortalSession(this.stripe, request) }));
  }

  createCheckout(request: CreateCheckoutRequest): Promise<{ readonly url: string; readonly sessionId: string }> {
    return translatingErrors(() => createCheckout(this.stripe, request));
  }

  retrieveCheckout(sessionId: string): Promise<ProviderCheckout> {
    return translatingErrors(() => retrieveCheckout(this.stripe, sessionId));
  }

  expireCheckout(sessionId: string): Promise<void> {
    return translatingErrors(() => expireCheckout(this.stripe, sessionId));
  }

  defaultPaymentMethod(providerCustomerId: string): Promise<SavedPaymentMethod | null> {
    return translatingErrors(async () => toSavedPaymentMethod(await cardToCharge(this.stripe, providerCustomerId)));
  }

  collectInvoice(request: CollectInvoiceRequest): Promise<CollectedInvoice> {
    const url = this.invoiceUrl?.(request.invoiceId);
    const footer = url === undefined ? null : `All of invoice ${request.number ?? request.invoiceId}: ${url}`;
    return translatingErrors(() => collectInvoice(this.stripe, { ...request, footer }));
  }

  computeTax(request: ComputeTaxRequest): Promise<ComputedTax> {
    return translatingErrors(() => computeTax(this.stripe, request));
  }

  voidInvoice(request: {
    readonly invoiceId: string;
    readonly providerCustomerId: string;
  }): Promise<CollectedInvoice | null> {
    return translatingErrors(() => voidInvoice(this.stripe, request));
  }

  markUncollectible(providerInvoiceId: string): Promise<void> {
    return translatingErrors(async () => {
      const { status } = await this.stripe.invoices.retrieve(providerInvoiceId);
      if (status === 'open') await this.stripe.invoices.markUncollectible(providerInvoiceId);
    });
  }

  refundPayment(request: RefundRequest): Promise<DocumentedRefund> {
    return translatingErrors(() => refundPayment(this.stripe, request));
  }

  retrieveRefund(providerRefundId: string): Promise<ProviderRefund> {
    return translatingErrors(async () => toProviderRefund(await this.stripe.refunds.retrieve(providerRefundId)));
  }

  listRefundsOfCharge(providerChargeId: string): Promise<readonly ProviderRefund[]> {
    return translatingErrors(async () => {
      const refunds: ProviderRefund[] = [];
      for await (const refund of this.stripe.refunds.list({ charge: providerChargeId, limit: 100 }))
        refunds.push(toProviderRefund(refund));
      return refunds;
    });
  }

  listRefunds(providerPaymentId: string): Promise<readonly ProviderRefund[]> {
    return translatingErrors(async () => {
      const refunds: ProviderRefund[] = [];
      const listed = this.stripe.refunds.list({ payment_intent: providerPaymentId, limit: 100 });
      for await (const refund of listed) refunds.push(toProviderRefund(refund));
      return refunds;
    });
  }

  listAllRefunds(since: Date | null): AsyncGenerator<ProviderRefund> {
    return listed(this.stripe.refunds.list({ limit: 100, ...createdSince(since) }), toProviderRefund);
  }

  retrieveDispute(providerDisputeId: string): Promise<ProviderDispute> {
    return translatingErrors(async () =>
      toProviderDispute(await this.stripe.disputes.retrieve(providerDisputeId), this.pageOf),
    );
  }

  listDisputes(since: Date | null): AsyncGenerator<ProviderDispute> {
    const disputes = this.stripe.disputes.list({ limit: 100, ...createdSince(since) });
    return listed(disputes, (dispute) => toProviderDispute(dispute, this.pageOf));
  }

  async *listFees(from: Date, to: Date | null): AsyncGenerator<ProviderFee> {
    const transactions = this.stripe.balanceTransactions.list({
      limit: 100,
      expand: ['data.source'],
      created: { gte: toSeconds(from), ...(to && { lt: toSeconds(to) }) },
    });
    for await (const fee of listed(transactions, toProviderFee)) if (fee) yield fee;
  }

  retrieveInvoice(providerInvoiceId: string): Promise<ProviderInvoice> {
    return translatingErrors(async () =>
      readProviderInvoice(
        this.stripe,
        await this.stripe.invoices.retrieve(providerInvoiceId, { expand: ['payments'] }),
      ),
    );
  }

  listInvoices(since: Date | null): AsyncGenerator<ProviderInvoiceHead> {
    return listed(this.stripe.invoices.list({ limit: 100, ...createdSince(since) }), toProviderInvoiceHead);
  }

  parseWebhook(rawBody: Buffer, signatureHeader: string): ProviderEvent {
    const event = this.verifyWebhook(rawBody, signatureHeader);
    if (event.object === 'v2.core.event') return toThinEvent(event);
    const object = event.data.object as EventObject;
    return {
      id: event.id,
      type: event.type,
      objectId: object.id ?? null,
      objectType: object.object,
      providerCustomerId: customerIdOf(object),
      providerInvoiceId: object.object === 'invoice' ? (object.id ?? null) : idOf(object.invoice),
      changesCard: CARD_EVENTS.has(event.type) || hasNewDefaultCard(event),
      createdMs: event.created * 1000,
      clockMovedToMs: clockOf(event.type, object),
    };
  }

  /** While the secret is rolled two are good: Stripe signs with both for a day. */
  private verifyWebhook(rawBody: Buffer, signatureHeader: string): Stripe.Event | ThinEvent {
    const causes: unknown[] = [];
    for (const secret of this.webhookSecrets) {
      try {
        this.stripe.webhooks.signature!.verifyHeader(rawBody, signatureHeader, secret, TOLERANCE_SECONDS);
        return JSON.parse(rawBody.toString('utf8')) as Stripe.Event | ThinEvent;
      } catch (cause) {
        causes.push(cause);
      }
    }
    throw new WebhookSignatureError(
      'The webhook is not signed with our secret, or it is older than five minutes: check STRIPE_WEBHOOK_SECRET.',
      { cause: causes[0] },
    );
  }
}

/** An event of version 2 of Stripe's API: what it says must be fetched. */
type ThinEvent = Pick<Stripe.V2.Core.EventNotification, 'id' | 'type' | 'created'> & {
  readonly object: 'v2.core.event';
  readonly related_object?: { readonly id: string } | null;
};

function toThinEvent({ id, type, created, object, related_object: related }: ThinEvent): ProviderEvent {
  return {
    id,
    type,
    objectId: related?.id ?? null,
    objectType: object,
    providerCustomerId: null,
    providerInvoiceId: null,
    changesCard: false,
    createdMs: Date.parse(created),
    clockMovedToMs: null,
  };
}

function createdSince(since: Date | null): { readonly created?: { readonly gte: number } } {
  return since ? { created: { gte: toSeconds(since) } } : {};
}

function toSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}

/** The objects of a list, read page by page; errors of each page are translated. */
async function* listed<Theirs, Ours>(
  objects: AsyncIterable<Theirs>,
  convert: (object: Theirs) => Ours,
): AsyncGenerator<Ours> {
  const iterator = objects[Symbol.asyncIterator]();
  for (;;) {
    const result = await translatingErrors(() => iterator.next());
    if (result.done) return;
    yield convert(result.value);
  }
}

const TOLERANCE_SECONDS = 300;

/** After these a card may be there that was not there before. */
const CARD_EVENTS: ReadonlySet<string> = new Set([
  'checkout.session.completed',
  'payment_method.attached',
  'payment_method.automatically_updated',
  'setup_intent.succeeded',
]);

/** A customer chose another of the saved cards. Other changes, such as one that Stripe makes after each failure, are none. */
function hasNewDefaultCard({ type, data }: Stripe.Event): boolean {
  if (type !== 'customer.updated') return false;
  const before = data.previous_attributes as { readonly invoice_settings?: object } | undefined;
  return before?.invoice_settings !== undefined && 'default_payment_method' in before.invoice_settings;
}

/** What the objects of events have in common. */
interface EventObject {
  readonly id?: string;
  readonly object: string;
  readonly customer?: string | { readonly id: string } | null;
  readonly invoice?: string | { readonly id: string } | null;
  readonly frozen_time?: number;
}

/** The sandbox tells that its own clock was moved as Stripe tells it of a test clock; no test clock of Stripe has this id. */
function clockOf(type: string, { id, frozen_time: frozenTime }: EventObject): number | null {
  const isOwn = type === 'test_helpers.test_clock.ready' && id === 'clock_sandbox';
  return isOwn && frozenTime !== undefined ? frozenTime * 1000 : null;
}

function customerIdOf({ id, object, customer }: EventObject): string | null {
  return object === 'customer' ? (id ?? null) : idOf(customer);
}

function idOf(reference: string | { readonly id: string } | null | undefined): string | null {
  return (typeof reference === 'object' ? reference?.id : reference) ?? null;
}
