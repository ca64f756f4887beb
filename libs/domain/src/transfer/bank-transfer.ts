/** A transfer that finance has recorded, or one that takes such a one back. */
export interface BankTransfer {
  readonly id: string;
  readonly organizationId: string;
  /** In whose account it arrived. */
  readonly sellerSlug: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Below zero for one that takes another back. */
  readonly amountMinor: bigint;
  /** The day of the bank: "2026-03-31". */
  readonly valueDate: string;
  readonly reference: string;
  /** Who sent it; empty where the bank does not say. */
  readonly sender: string;
  /** Above 1 for one that is known to be another than one that looks the same. */
  readonly occurrence: number;
  readonly reversesId: string | null;
  /** Why it takes another back. */
  readonly reason: string | null;
  readonly createdAt: Date;
}

/** An invoice that something is due of. */
export interface OpenInvoice {
  readonly id: string;
  readonly dueAt: Date | null;
  /** Minor units, above zero. */
  readonly dueMinor: bigint;
}

/** What a transfer pays of each invoice, and what of it is left. */
export interface Allocation {
  readonly payments: readonly { readonly invoiceId: string; readonly amountMinor: bigint }[];
  readonly restMinor: bigint;
}

/**
 * Shares an amount out over open invoices, those that were due first first, and by their ids where that is the same. Each gets
 * at most what is due of it; payments and rest add up to the amount. Pure.
 */
export function allocateTransfer(amountMinor: bigint, invoices: readonly OpenInvoice[]): Allocation {
  const inOrder = invoices.toSorted(
    (one, other) =>
      (one.dueAt?.getTime() ?? Infinity) - (other.dueAt?.getTime() ?? Infinity) || (one.id < other.id ? -1 : 1),
  );
  let restMinor = amountMinor;
  const payments: { invoiceId: string; amountMinor: bigint }[] = [];
  for (const { id, dueMinor } of inOrder) {
    const paid = restMinor < dueMinor ? restMinor : dueMinor;
    if (paid <= 0n) continue;
    payments.push({ invoiceId: id, amountMinor: paid });
    restMinor -= paid;
  }
  return { payments, restMinor };
}

/**
 * The numbers of invoices that a reference names, each once, in the order in which it names them: in any case, with blanks or
 * nothing where the hyphen is, and without leading zeros too. Only those of the prefix.
 */
export function invoiceNumbersIn(reference: string, prefix: string): string[] {
  const words = new RegExp(`(?<![A-Z0-9])${prefix}[\\s-]*0*([1-9][0-9]{0,11})(?![0-9])`, 'g');
  const found = [...reference.toUpperCase().matchAll(words)].map(
    ([, digits]) => `${prefix}-${digits!.padStart(6, '0')}`,
  );
  return [...new Set(found)];
}
