/** Where the payer of an invoice reads it in the portal at this address. */
export function payersInvoiceUrl(portalUrl: string, invoiceId: string): string {
  return new URL(`/dashboard/billing/invoices/${invoiceId}`, portalUrl).href;
}
