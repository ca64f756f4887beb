import type { CreditNote, Invoice, InvoiceLine, InvoiceSeller, InvoiceTax, Payment, Refund } from '#domain';

/** Whom a document is for. */
export interface BilledParty {
  readonly name: string;
  readonly email: string | null;
  /** Its address and tax numbers, a line each. */
  readonly details: readonly string[];
}

/** Everything that is printed on an invoice; the same document always gives the same bytes. */
export interface InvoiceDocument {
  readonly invoice: Invoice & {
    readonly product: { readonly title: string };
    readonly lines: readonly InvoiceLine[];
    readonly taxes: readonly InvoiceTax[];
    readonly payments: readonly Payment[];
    readonly creditNotes: readonly CreditNote[];
    readonly refunds: readonly Refund[];
    /** What is collected with it of others. */
    readonly carriedInvoices: readonly { readonly number: string; readonly amountMinor: bigint }[];
    /** The invoice that it is collected with. */
    readonly collectedWith: { readonly number: string | null } | null;
  };
  readonly billTo: BilledParty;
  readonly seller: InvoiceSeller;
  readonly plans: readonly { readonly planVersionId: string; readonly title: string; readonly versionNumber: number }[];
  readonly meters: readonly { readonly slug: string; readonly title: string; readonly unit: string }[];
  /** The date in the file's properties. */
  readonly renderedAt: Date;
}
