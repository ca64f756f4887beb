import type { DocumentedRefund, ProviderRefund, RefundRequest } from '../refund/refund.js';
import type { ProviderDispute } from '../dispute/dispute.js';
import type { ProviderFee } from './provider-fee.js';
import type { MeteredBilling } from './metered-billing.js';
import type { ComputedTax } from '../tax/provider-tax.js';
import type {
  CollectedInvoice,
  CollectInvoiceRequest,
  ComputeTaxRequest,
  ProviderInvoice,
  ProviderInvoiceHead,
} from './provider-invoice.js';

/** Who pays, as the payment provider must know them. */
export interface EnsureCustomerRequest {
  readonly organizationId: string;
  readonly name: string;
  readonly email: string;
}

/** What the provider's hosted page for saving a card needs. */
export interface CreateSetupSessionRequest {
  readonly providerCustomerId: string;
  readonly organizationId: string;
  /** Where the browser goes after success; `{CHECKOUT_SESSION_ID}` in it is replaced by the session's id. */
  readonly successUrl: string;
  /** Where the browser goes when the person turns back. */
  readonly cancelUrl: string;
  /** ISO 4217, any case. */
  readonly currency: string;
}

/** What the provider's hosted page for paying one invoice needs. Nothing of it may change between calls for the same invoice. */
export interface CreateCheckoutRequest {
  readonly invoiceId: string;
  readonly providerCustomerId: string;
  /** What is paid for, as the page says it. */
  readonly title: string;
  /** More than 0, in minor units. */
  readonly amountMinor: bigint;
  /** ISO 4217, any case. */
  readonly currency: string;
  /** Where the browser goes after the payment. */
  readonly successUrl: string;
  /** Where the browser goes when the person turns back. */
  readonly cancelUrl: string;
}

/** What has become of a page for paying. `expired`: nobody paid there, and nobody can any more. */
export type ProviderCheckout =
  | { readonly state: 'open' | 'expired' }
  | { readonly state: 'paid'; readonly providerPaymentId: string };

/** What the provider's page of an organization's own cards and invoices needs. */
export interface CreatePortalSessionRequest {
  readonly providerCustomerId: string;
  /** Where the page leads back to. */
  readonly returnUrl: string;
}

/** A saved card: enough to show, never enough to charge elsewhere. */
export interface SavedPaymentMethod {
  readonly id: string;
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
  /** The same for the same card, whoever saves it; absent when the provider does not tell. */
  readonly fingerprint?: string | null;
}

/**
 * A verified message of the provider. It says that something happened to an object, not what is true now: messages
 * come late, twice and out of order, so fetch the object by its id.
 */
export interface ProviderEvent {
  readonly id: string;
  readonly type: string;
  /** Null for an event whose object has no id. */
  readonly objectId: string | null;
  readonly objectType: string;
  /** Whom it is about; null when it is about nobody in particular. */
  readonly providerCustomerId: string | null;
  /** The invoice that it is about; null when it is about none. */
  readonly providerInvoiceId: string | null;
  /** After it another card of that customer may be charged than before. */
  readonly changesCard: boolean;
  readonly createdMs: number;
  /** Where the provider's own clock was moved to, which only a simulated provider's can be; null for every other event. */
  readonly clockMovedToMs: number | null;
}

/** Collects money that Tollgate has rated, or the provider by its own prices and Tollgate again. Errors of the provider arrive as `PaymentProviderError`. */
export interface PaymentProvider {
  /** The least that it charges to a card, in minor units of the currency (ISO 4217, upper case). */
  minimumChargeMinor(currency: string): bigint;

  /** For plans whose usage the provider rates. */
  readonly metered: MeteredBilling;

  /**
   * The organization's customer at the provider, found or created; calling again is safe. Store the id and ask only
   * while there is none: a customer is found again by organization and e-mail address, and the address may change.
   */
  ensureCustomer(request: EnsureCustomerRequest): Promise<{ readonly providerCustomerId: string }>;

  /** A hosted page on which a person saves a card for later charges. Each call makes a new session. */
  createSetupSession(request: CreateSetupSessionRequest): Promise<{ readonly url: string; readonly sessionId: string }>;

  /**
   * A hosted page on which a person sees and removes saved cards, chooses which is charged, and reads the provider's invoices. It
   * changes no subscription. Each call makes a new session.
   */
  createPortalSession(request: CreatePortalSessionRequest): Promise<{ readonly url: string }>;

  /**
   * A hosted page on which a person pays an invoice by a card that is not kept, once. It is good for a day, and so long the
   * same invoice gets the same page.
   */
  createCheckout(request: CreateCheckoutRequest): Promise<{ readonly url: string; readonly sessionId: string }>;

  /** What has become of a page for paying by now. */
  retrieveCheckout(sessionId: string): Promise<ProviderCheckout>;

  /** Sees to it that nobody can pay there any more. Does nothing to a page that is over. */
  expireCheckout(sessionId: string): Promise<void>;

  /** The card that the next invoice would be charged to, or null when none is saved. */
  defaultPaymentMethod(providerCustomerId: string): Promise<SavedPaymentMethod | null>;

  /**
   * Issues the invoice at the provider and charges the saved card, exactly once per invoice and generation: after a
   * crash at any point the same request continues where the last one stopped. Credit notes are added before the charge. The lines must equal ours,
   * or nothing is finalized and `PaymentMismatchError` is thrown. A declined card is an outcome (`open` with a
   * failure), not an error.
   */
  collectInvoice(request: CollectInvoiceRequest): Promise<CollectedInvoice>;

  /**
   * The tax on an invoice as the provider computes it, on a draft that `collectInvoice` goes on with, or `voidInvoice` deletes. The
   * lines must equal ours, or `PaymentMismatchError` is thrown. Safe to repeat, also after the buyer has changed.
   */
  computeTax(request: ComputeTaxRequest): Promise<ComputedTax>;

  /**
   * Makes whatever the provider has of an invoice void, or deletes its drafts; safe to repeat. Returns the invoice when it
   * was paid before: then it stays paid. Null when nothing of it is left to be paid.
   */
  voidInvoice(request: {
    readonly invoiceId: string;
    readonly providerCustomerId: string;
  }): Promise<CollectedInvoice | null>;

  /** Gives an open invoice up: it can still be paid. Does nothing to one that is given up, paid or void. */
  markUncollectible(providerInvoiceId: string): Promise<void>;

  /**
   * Gives a payment back, or a part of it, exactly once per refund, with a credit note that it is linked to: after a crash at
   * any point the same request continues where the last one stopped. A refund that cannot be is an outcome (`failed`), not an
   * error.
   */
  refundPayment(request: RefundRequest): Promise<DocumentedRefund>;

  /** The provider's present state of a refund. */
  retrieveRefund(providerRefundId: string): Promise<ProviderRefund>;

  /** All refunds of the payment that the provider's charge with this id belongs to. */
  listRefundsOfCharge(providerChargeId: string): Promise<readonly ProviderRefund[]>;

  /** All refunds of a payment, also those that are none of ours. */
  listRefunds(providerPaymentId: string): Promise<readonly ProviderRefund[]>;

  /** Every refund that the provider has, made at `since` or later when it is given, the newest first; read page by page. */
  listAllRefunds(since: Date | null): AsyncIterable<ProviderRefund>;

  /** The provider's present state of a dispute. */
  retrieveDispute(providerDisputeId: string): Promise<ProviderDispute>;

  /** Every dispute that the provider has, opened at `since` or later when it is given, the newest first; read page by page. */
  listDisputes(since: Date | null): AsyncIterable<ProviderDispute>;

  /**
   * What the provider took for payments, refunds and disputes from the second of `from` on, and before that of `to` when it is given, the
   * newest first; read page by page. Its other fees are of no payment, and left out.
   */
  listFees(from: Date, to: Date | null): AsyncIterable<ProviderFee>;

  /** The provider's present state of an invoice, with all its lines. */
  retrieveInvoice(providerInvoiceId: string): Promise<ProviderInvoice>;

  /** Every invoice that the provider has, made at `since` or later when it is given; read page by page. */
  listInvoices(since: Date | null): AsyncIterable<ProviderInvoiceHead>;

  /**
   * The event in a webhook's raw body. Throws `WebhookSignatureError` when it is signed with none of our secrets, or longer
   * ago than five minutes.
   */
  parseWebhook(rawBody: Buffer, signatureHeader: string): ProviderEvent;
}
