import type { PlanRevenue } from '../api/types.js';
import { formatMinor } from '../format/money.js';

/** What all plans of a product have earned in a month, in one currency. */
export interface RevenueMonth {
  /** "2026-02". */
  readonly month: string;
  readonly totalMinor: bigint;
}

/** The same of every month of a span, in one currency. */
export interface RevenueOfCurrency {
  readonly currency: string;
  /** Every month, the oldest first, also those without revenue. */
  readonly months: readonly RevenueMonth[];
}

/** The last `count` months up to the one that `now` is in (UTC), the oldest first: "2026-01", "2026-02". */
export function monthsUntil(now: Date, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - count + 1 + index)).toISOString().slice(0, 7),
  );
}

/** Revenue by currency and month; a currency that was never earned in is not there. */
export function byCurrency(rows: readonly PlanRevenue[], months: readonly string[]): readonly RevenueOfCurrency[] {
  return [...Map.groupBy(rows, ({ total }) => total.currency)].map(([currency, own]) => {
    const ofMonth = Map.groupBy(own, ({ month }) => month);
    return {
      currency,
      months: months.map((month) => ({ month, totalMinor: sumOf(ofMonth.get(month) ?? []) })),
    };
  });
}

/** "2026-02" → "Feb 2026". */
export function monthLabel(month: string): string {
  return new Intl.DateTimeFormat('en-US', { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${month}-01`),
  );
}

/** A sum of months in words, one for each currency: "$120.00 + EUR 30.00"; "–" for none. */
export function totalWords(revenue: readonly RevenueOfCurrency[], of: (month: string) => boolean): string {
  const words = revenue.map(({ currency, months }) => {
    const totals = months.filter(({ month }) => of(month)).map(({ totalMinor }) => totalMinor);
    return formatMinor(
      totals.reduce((sum, total) => sum + total, 0n),
      currency,
    );
  });
  return words.length === 0 ? '–' : words.join(' + ');
}

/** How high the bar of each month is, in percent of the highest; a month below zero has none. */
export function barHeights(months: readonly RevenueMonth[]): readonly number[] {
  const highest = months.reduce((most, { totalMinor }) => (totalMinor > most ? totalMinor : most), 0n);
  return months.map(({ totalMinor }) =>
    highest === 0n || totalMinor <= 0n ? 0 : Number((totalMinor * 1000n) / highest) / 10,
  );
}

function sumOf(plans: readonly PlanRevenue[]): bigint {
  return plans.reduce((sum, { total }) => sum + BigInt(total.amountMinor), 0n);
}
