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

/** A payment by what it is over and what of that was not taken back before, in minor units. */
export interface TakenFrom {
  readonly amountMinor: bigint;
  readonly leftMinor: bigint;
}

/**
 * What of an amount that a refund or a dispute takes back of a charge falls on which of the payments that the charge made, in their
 * order: each at most what is left of it. What goes beyond that, as when a refund of ours is on its way, falls on them again in their
 * order, each at most what it is over. Returns as many amounts as there are payments; what goes beyond all of them is left out.
 */
export function spreadTakenBack(amountMinor: bigint, payments: readonly TakenFrom[]): readonly bigint[] {
  const first = fill(
    amountMinor,
    payments.map(({ leftMinor }) => leftMinor),
  );
  const beyond = fill(
    amountMinor - sum(first),
    payments.map((payment, index) => payment.amountMinor - first[index]!),
  );
  return first.map((part, index) => part + beyond[index]!);
}

/** The amount in their order: to each at most what it takes. */
function fill(amountMinor: bigint, mostMinor: readonly bigint[]): readonly bigint[] {
  let leftMinor = amountMinor;
  return mostMinor.map((most) => {
    const part = most < leftMinor ? most : leftMinor;
    if (part <= 0n) return 0n;
    leftMinor -= part;
    return part;
  });
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}

function sumOf(invoices: readonly DueInvoice[]): bigint {
  return sum(invoices.map(({ dueMinor }) => dueMinor));
}
