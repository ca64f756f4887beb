import type { Invoice, WebhookEvent } from '#domain';

type InvoiceEventType = Extract<WebhookEvent['type'], `invoice.${string}`>;

/** What the organization's endpoints are told of an invoice that has this number. */
export function invoiceEvent(
  type: InvoiceEventType,
  invoice: Pick<Invoice, 'id' | 'organizationId' | 'subscriptionId' | 'number' | 'currency' | 'totalMinor'>,
): WebhookEvent {
  return { organizationId: invoice.organizationId, type, data: invoiceData(invoice) };
}

/** The ids and the amount of an invoice. */
export function invoiceData({
  id: invoiceId,
  subscriptionId,
  number,
  currency,
  totalMinor,
}: Pick<Invoice, 'id' | 'subscriptionId' | 'number' | 'currency' | 'totalMinor'>) {
  return { invoiceId, subscriptionId, number: number ?? '', currency, totalMinor: totalMinor.toString() };
}
