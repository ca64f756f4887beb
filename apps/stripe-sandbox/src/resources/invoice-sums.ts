import { allocate, fraction, roundFraction, sumOf, type Fraction } from './fraction.js';

/** A discount as a sum needs it: a percentage or an amount. */
export interface SumDiscount {
  readonly id: string;
  /** From 0 to 100, with at most four decimals; null for an amount. */
  readonly percentOff: number | null;
  /** Minor units; null for a percentage. */
  readonly amountOff: number | null;
}

export interface SumTaxRate {
  readonly id: string;
  /** From 0 to 100, with at most four decimals. */
  readonly percentage: number;
  /** Whether the amount of a line has the tax in it. */
  readonly inclusive: boolean;
}

export interface SumLine {
  /** Minor units, before discounts. */
  readonly amount: number;
  readonly discountable: boolean;
  /** What is taken off this line alone, in this order. */
  readonly discounts: readonly SumDiscount[];
  /** What is paid of the line by billing credits, after discounts and before tax. */
  readonly credits: readonly IdAmount[];
  readonly taxRates: readonly SumTaxRate[];
}

export interface IdAmount {
  readonly id: string;
  readonly amount: number;
}

export interface LineTax {
  readonly rate: SumTaxRate;
  readonly amount: number;
  /** What the tax is reckoned from: the line without discounts, credits and taxes that are in it. */
  readonly taxable: number;
}

export interface LineSums {
  readonly discounts: readonly IdAmount[];
  readonly taxes: readonly LineTax[];
}

export interface InvoiceSums {
  /** In the order of the lines. */
  readonly lines: readonly LineSums[];
  readonly subtotal: number;
  readonly subtotalExcludingTax: number;
  readonly total: number;
  readonly totalExcludingTax: number;
}

/** Percentages are reckoned in millionths of the whole. */
const whole = 1_000_000n;

/**
 * Adds up an invoice: what is taken off single lines, then what is taken off all of them, then billing credits, then taxes. A
 * discount of the invoice and each tax are rounded once, halves away from zero, and their parts of lines make them up exactly.
 */
export function sumInvoice(
  lines: readonly SumLine[],
  discounts: readonly SumDiscount[],
  isExempt: boolean,
): InvoiceSums {
  const taken = lines.map((line) => lineDiscounts(line));
  const afterOwn = lines.map((line, index) => line.amount - total(taken[index]!));
  const left = [...afterOwn];
  for (const discount of discounts) {
    const parts = partsOf(discount, lines, left);
    for (const [index, amount] of parts.entries()) {
      if (amount === 0) continue;
      left[index]! -= amount;
      taken[index]!.push({ id: discount.id, amount });
    }
  }
  const taxed = lines.map((line, index) => left[index]! - total(line.credits));
  const taxes = taxesOf(lines, taxed, isExempt);
  const sum = (amounts: readonly number[]): number => amounts.reduce((all, each) => all + each, 0);
  const all = taxes.flat();
  const inclusive = sum(all.filter(({ rate }) => rate.inclusive).map(({ amount }) => amount));
  const exclusive = sum(all.filter(({ rate }) => !rate.inclusive).map(({ amount }) => amount));
  const within = taxesOf(lines, afterOwn, isExempt).flat();
  const withinSubtotal = sum(within.filter(({ rate }) => rate.inclusive).map(({ amount }) => amount));
  const subtotal = sum(afterOwn);
  const beforeTax = sum(taxed);
  return {
    lines: taken.map((each, index) => ({ discounts: each, taxes: taxes[index]! })),
    subtotal,
    subtotalExcludingTax: subtotal - withinSubtotal,
    total: beforeTax + exclusive,
    totalExcludingTax: beforeTax - inclusive,
  };
}

function lineDiscounts(line: SumLine): IdAmount[] {
  let left = line.discountable ? line.amount : 0;
  const taken: IdAmount[] = [];
  for (const discount of line.discounts) {
    const amount = Math.min(Math.max(left, 0), offOf(discount, left));
    if (amount > 0) taken.push({ id: discount.id, amount });
    left -= amount;
  }
  return taken;
}

function offOf({ percentOff, amountOff }: SumDiscount, base: number): number {
  return amountOff ?? roundFraction(fraction(BigInt(base) * millionths(percentOff ?? 0), whole));
}

/** What a discount of the invoice takes of each line: never of one below zero, nor more than the invoice comes to. */
function partsOf(discount: SumDiscount, lines: readonly SumLine[], left: readonly number[]): number[] {
  const bases = lines.map(({ discountable }, index) => (discountable ? Math.max(0, left[index]!) : 0));
  const base = bases.reduce((all, each) => all + each, 0);
  const invoice = left.reduce((all, each) => all + each, 0);
  const off = Math.min(offOf(discount, base), base, Math.max(0, invoice));
  return base === 0
    ? bases
    : allocate(
        off,
        bases.map((each) => fraction(BigInt(off) * BigInt(each), BigInt(base))),
      );
}

function taxesOf(lines: readonly SumLine[], bases: readonly number[], isExempt: boolean): LineTax[][] {
  const rates = new Map(lines.flatMap(({ taxRates }) => taxRates.map((rate) => [rate.id, rate] as const)));
  const amounts = lines.map(() => new Map<string, number>());
  for (const rate of isExempt ? [] : rates.values()) {
    const exact = lines.map((line, index) => exactTax(rate, line, bases[index]!));
    for (const [index, amount] of allocate(roundFraction(sumOf(exact)), exact).entries()) {
      amounts[index]!.set(rate.id, amount);
    }
  }
  return lines.map(({ taxRates }, index) => {
    const amountOf = ({ id }: SumTaxRate): number => amounts[index]!.get(id) ?? 0;
    const within = taxRates.filter(({ inclusive }) => inclusive).reduce((all, rate) => all + amountOf(rate), 0);
    return taxRates.map((rate) => ({ rate, amount: amountOf(rate), taxable: bases[index]! - within }));
  });
}

/** The tax on a line before it is rounded: all of its rates are of what the line is without the taxes that are in it. */
function exactTax(rate: SumTaxRate, { taxRates }: SumLine, base: number): Fraction {
  if (!taxRates.some(({ id }) => id === rate.id)) return fraction(0n, 1n);
  const within = taxRates
    .filter(({ inclusive }) => inclusive)
    .reduce((all, each) => all + millionths(each.percentage), 0n);
  return fraction(BigInt(base) * millionths(rate.percentage), whole + within);
}

function millionths(percentage: number): bigint {
  return BigInt(Math.round(percentage * 10_000));
}

function total(parts: readonly IdAmount[]): number {
  return parts.reduce((sum, { amount }) => sum + amount, 0);
}
