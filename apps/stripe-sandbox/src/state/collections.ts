import type { IdempotentAnswer } from '../http/idempotency.js';
import type { AccountTransaction } from '../resources/account-transaction.js';
import type { Charge } from '../resources/charge.js';
import type { CheckoutIntent, CheckoutLine, CheckoutSession } from '../resources/checkout-session.js';
import type { CreditNote } from '../resources/credit-note.js';
import type { StoredCreditNoteLine } from '../resources/credit-note-line.js';
import type { Customer, DeletedCustomer } from '../resources/customer.js';
import type { Dispute } from '../resources/dispute.js';
import type { EventDestination } from '../resources/event-destination.js';
import type { StripeEvent } from '../resources/event.js';
import type { InvoiceItem } from '../resources/invoice-item.js';
import type { InvoiceLine } from '../resources/invoice-line.js';
import type { InvoicePayment } from '../resources/invoice-payment.js';
import type { Invoice } from '../resources/invoice.js';
import type { PaymentIntent } from '../resources/payment-intent.js';
import type { PaymentMethod } from '../resources/payment-method.js';
import type { Refund } from '../resources/refund.js';
import type { SetupIntent } from '../resources/setup-intent.js';
import type { BalanceTransaction } from '../resources/customer-balance.js';
import type { Coupon } from '../resources/coupon.js';
import type { Discount } from '../resources/discount.js';
import type { BillingAlert } from '../resources/billing-alert.js';
import type { CreditBalanceTransaction, CreditGrant } from '../resources/credit-grant.js';
import type { ActiveEntitlement, Feature, ProductFeature } from '../resources/entitlement.js';
import type { Due } from '../resources/due.js';
import type { MeterErrors } from '../resources/meter-error-report.js';
import type { Meter, MeterUsage } from '../resources/meter.js';
import type { PortalConfiguration, PortalSession } from '../resources/billing-portal.js';
import type { MeterEventSession } from '../resources/meter-event-v2-routes.js';
import type { Price } from '../resources/price.js';
import type { Product } from '../resources/product.js';
import type { Resumption, Subscription, SubscriptionItem } from '../resources/subscription.js';
import type { TaxId } from '../resources/tax-id-routes.js';
import type { TaxRate } from '../resources/tax-rate-routes.js';
import type { TestClock } from '../resources/test-clock.js';
import type { ThinEvent } from '../resources/thin-event.js';
import type { PendingDelivery } from '../webhooks/delivery.js';
import type { WebhookEndpoint } from '../webhooks/endpoint.js';

/** What the store holds, by collection. */
export interface Collections {
  customers: Customer;
  deleted_customers: DeletedCustomer;
  payment_methods: PaymentMethod;
  /** Ids that were detached: Stripe never lets them be attached again. */
  detached_payment_methods: { readonly id: string };
  setup_intents: SetupIntent;
  checkout_sessions: CheckoutSession;
  checkout_lines: CheckoutLine;
  checkout_intents: CheckoutIntent;
  invoices: Invoice;
  invoice_items: InvoiceItem;
  invoice_lines: InvoiceLine;
  invoice_payments: InvoicePayment;
  credit_notes: CreditNote;
  credit_note_lines: StoredCreditNoteLine;
  payment_intents: PaymentIntent;
  account_transactions: AccountTransaction;
  charges: Charge;
  refunds: Refund;
  disputes: Dispute;
  products: Product;
  prices: Price;
  coupons: Coupon;
  discounts: Discount;
  tax_rates: TaxRate;
  tax_ids: TaxId;
  balance_transactions: BalanceTransaction;
  subscriptions: Subscription;
  subscription_items: SubscriptionItem;
  resumptions: Resumption;
  test_clocks: TestClock;
  meters: Meter;
  meter_usage: MeterUsage;
  meter_event_sessions: MeterEventSession;
  meter_errors: MeterErrors;
  billing_alerts: BillingAlert;
  credit_grants: CreditGrant;
  credit_transactions: CreditBalanceTransaction;
  features: Feature;
  product_features: ProductFeature;
  active_entitlements: ActiveEntitlement;
  portal_configurations: PortalConfiguration;
  portal_sessions: PortalSession;
  due: Due;
  clock_offset: { readonly id: string; readonly offsetMs: number };
  events: StripeEvent;
  thin_events: ThinEvent;
  event_destinations: EventDestination;
  idempotent_answers: IdempotentAnswer;
  webhook_deliveries: PendingDelivery;
  webhook_endpoints: WebhookEndpoint;
}

/** The field by which `childrenOf` finds the objects of a collection. */
export const parentFields: { readonly [N in keyof Collections]?: string } = {
  account_transactions: 'source',
  payment_methods: 'customer',
  invoices: 'customer',
  invoice_items: 'customer',
  invoice_lines: 'invoice',
  invoice_payments: 'invoice',
  credit_notes: 'invoice',
  refunds: 'payment_intent',
  disputes: 'charge',
  credit_note_lines: 'credit_note',
  checkout_lines: 'session',
  prices: 'product',
  tax_ids: 'customer',
  balance_transactions: 'customer',
  subscriptions: 'customer',
  subscription_items: 'subscription',
  meter_usage: 'meter',
  credit_transactions: 'credit_grant',
  product_features: 'product',
  active_entitlements: 'customer',
};
