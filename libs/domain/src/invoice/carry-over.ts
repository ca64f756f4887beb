/** An invoice by what is due of it, in minor units. */
export interface DueInvoice {
  readonly id: string;
  readonly dueMinor: bigint;
}

/**
 * Whether an invoice is collected, and what joins it. All that was carried joins, as soon as everything together comes to the
 * provider's minimum; below it the invoice is carried too. Amounts are minor units of one currency.
 */
export function decideCarry(
  dueMinor: bigint,
  carried: readonly DueInvoice[],
  minimumMinor: bigint,
): { readonly isCollected: boolean; readonly joining: readonly DueInvoice[] } {
  const joining = carried.filter((invoice) => invoice.dueMinor > 0n);
  const isCollected = dueMinor + sumOf(joining) >= minimumMinor;
  return { isCollected, joining: isCollected ? joining : [] };
}

/**
 * What of a charge pays which invoice, by id: those that have joined first, in their order, each at most what is due of it, and all
 * the rest the invoice that it was charged for. An invoice that gets nothing is left out.
 */
export function spreadCharge(
  amountMinor: bigint,
  chargedId: string,
  joined: readonly DueInvoice[],
): ReadonlyMap<string, bigint> {
  const parts = new Map<string, bigint>();
  let leftMinor = amountMinor;
  for (const { id, dueMinor } of joined) {
    const partMinor = dueMinor < leftMinor ? dueMinor : leftMinor;
    if (partMinor > 0n) parts.set(id, partMinor);
    leftMinor -= partMinor;
  }
  if (leftMinor > 0n) parts.set(chargedId, leftMinor);
  return parts;
}

/**
 * What of an amount that is taken back of a charge falls on which of the payments that it made, in their order: each at most what it
 * is over. Returns as many amounts as there are payments; what goes beyond all of them is left out.
 */
export function spreadTakenBack(amountMinor: bigint, paidMinor: readonly bigint[]): readonly bigint[] {
  let leftMinor = amountMinor;
  return paidMinor.map((paid) => {
    const part = paid < leftMinor ? paid : leftMinor;
    leftMinor -= part;
    return part;
  });
}

function sumOf(invoices: readonly DueInvoice[]): bigint {
  return invoices.reduce((sum, { dueMinor }) => sum + dueMinor, 0n);
}
