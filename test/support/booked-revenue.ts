import { RevenueSums } from '#domain';
import { type ServiceContext, journalEntryPages, reportTable, writeTable } from '#services';
import { expect } from 'vitest';
import { drain } from './drain.js';

/**
 * Fails unless the report of revenue, which the database adds up, is what the journal entries add up to: of all time, and of spans that
 * begin and end in the middle of months. Returns how many rows all time has.
 */
export async function expectRevenueAsBooked(context: ServiceContext): Promise<number> {
  const documented = (await drain(journalEntryPages(context, { from: null, to: null })))
    .flat()
    .toSorted((one, other) => one.entry.at.getTime() - other.entry.at.getTime());
  const at = (share: number) => documented[Math.floor(share * (documented.length - 1))]?.entry.at ?? new Date(0);
  const after = (instant: Date) => new Date(instant.getTime() + 1);
  let rows = 0;
  for (const span of [{}, { from: at(0.3) }, { to: at(0.6) }, { from: at(0.2), to: after(at(0.8)) }]) {
    const booked = new RevenueSums();
    for (const { entry, currency } of documented)
      if ((!span.from || entry.at >= span.from) && (!span.to || entry.at < span.to)) booked.add(entry, currency);
    const listed = (await drain(writeTable(reportTable(context, 'revenue', span), 'ndjson', context.clock.now())))
      .join('')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, string | null>);
    expect(
      listed.map(({ month, product, plan, currency, ...amounts }) => [
        month,
        product === null ? null : `${product}/${plan}`,
        currency,
        ...Object.values(amounts).map((amount) => amount!.replace('.', '').replace(/^(-?)0+(?=\d)/, '$1')),
      ]),
    ).toEqual(
      booked
        .toList()
        .map(({ month, plan, currency, byAccount, totalMinor }) => [
          month,
          plan,
          currency,
          ...columns.map((account) => String(byAccount[account] ?? 0n)),
          String(totalMinor),
        ]),
    );
    rows ||= listed.length;
  }
  return rows;
}

/** In the order of the report. */
const columns = [
  'fixed_fee_revenue',
  'setup_fee_revenue',
  'usage_revenue',
  'minimum_commitment_revenue',
  'expired_credit_revenue',
  'promotional_credits',
  'discounts',
  'credit_notes',
] as const;
