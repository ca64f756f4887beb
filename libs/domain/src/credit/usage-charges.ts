import type { InvoiceLineKind } from '../invoice/invoice.js';

/** A settled line of an invoice, as far as credits go. */
export interface ChargedLine {
  readonly kind: InvoiceLineKind;
  /** Null for what is of no meter. */
  readonly meter: string | null;
  /** The start of the period that it charges. */
  readonly periodStart: Date;
  readonly amountMinor: bigint;
}

/** What of one charge for usage is to be paid; below zero for what is given back. */
export interface UsageCharge {
  readonly meter: string | null;
  readonly periodStart: Date;
  unpaidMinor: bigint;
}

/** Charges and what is given back, after what each period and meter gives back was taken off its own charges. */
export interface UsageBalance {
  readonly charges: readonly UsageCharge[];
  readonly back: readonly UsageCharge[];
}

/**
 * What an invoice charges for usage, and what usage gives back: each less what a coupon takes off it, by the line after it, and less
 * the credits that were returned for it.
 */
export function usageBalance(lines: readonly ChargedLine[]): UsageBalance {
  const usage = lines.flatMap((line, index): UsageCharge[] => {
    const isReturned = line.kind === 'prepaid_credit' && line.amountMinor > 0n;
    if (!isReturned && !isOfUsage(line)) return [];
    const after = lines[index + 1];
    const offMinor = after?.kind === 'discount' ? after.amountMinor : 0n;
    return [{ meter: line.meter, periodStart: line.periodStart, unpaidMinor: line.amountMinor + offMinor }];
  });
  const charges = usage.filter(({ unpaidMinor }) => unpaidMinor > 0n);
  const back = usage.filter(({ unpaidMinor }) => unpaidMinor < 0n);
  for (const given of back)
    takeBack(
      given,
      charges.filter((charge) => usageKey(charge) === usageKey(given)),
    );
  return { charges, back };
}

/** What of each charge credits may pay: what usage gives back is taken off its own meter first, then off the other usage. */
export function chargesToPay(lines: readonly ChargedLine[]): readonly UsageCharge[] {
  const { charges, back } = usageBalance(lines);
  for (const given of back)
    takeBack(
      given,
      charges.filter(({ meter }) => meter === given.meter),
    );
  for (const given of back) takeBack(given, charges);
  return charges;
}

/** Takes what is given back off charges, in their order, as far as they go. */
function takeBack(given: UsageCharge, charges: readonly UsageCharge[]): void {
  for (const charge of charges) {
    const offMinor = least(charge.unpaidMinor, -given.unpaidMinor);
    charge.unpaidMinor -= offMinor;
    given.unpaidMinor += offMinor;
  }
}

/** What was charged for usage after coupons, less what was given back, by `usageKey`; invoices as for `creditsPaid`. */
export function usageCharged(
  invoices: readonly (readonly (ChargedLine & { readonly cutMinor?: bigint | undefined })[])[],
): ReadonlyMap<string, bigint> {
  const charged = new Map<string, bigint>();
  const add = (line: ChargedLine, amountMinor: bigint) =>
    charged.set(usageKey(line), (charged.get(usageKey(line)) ?? 0n) + amountMinor);
  for (const lines of invoices)
    for (const [index, line] of lines.entries()) {
      const isOff = line.kind === 'discount' && index > 0 && isOfUsage(lines[index - 1]!);
      if (isOff || isOfUsage(line)) add(line, line.amountMinor - (line.cutMinor ?? 0n));
    }
  return charged;
}

/** Names a period and a meter, among those of one subscription. */
export function usageKey({ periodStart, meter }: Pick<ChargedLine, 'periodStart' | 'meter'>): string {
  return `${periodStart.toISOString()} ${meter}`;
}

/** True for the charges that credits pay: those for usage. */
export function isPaidWithCredits({ kind, amountMinor }: Pick<ChargedLine, 'kind' | 'amountMinor'>): boolean {
  return amountMinor > 0n && isOfUsage({ kind });
}

export function isOfUsage({ kind }: Pick<ChargedLine, 'kind'>): boolean {
  return kind === 'usage' || kind === 'late_usage' || kind === 'minimum_commitment';
}

export function least(...amounts: readonly bigint[]): bigint {
  return amounts.reduce((least, amount) => (amount < least ? amount : least));
}
