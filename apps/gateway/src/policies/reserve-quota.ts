import type { QuotaWaiter } from '#limits';
import type { Exchange } from '../exchange.js';
import type { Judgement } from '../metering/billability.js';
import type { MeteredQuantity, Metering } from '../metering/metering.js';
import { usedMicro } from '../metering/settle-usage.js';
import type { Reservation } from './subscription-terms.js';

/** `waiting`: a block of units is being fetched, and the waiter is told. */
export type ReservationVerdict = 'reserved' | 'waiting';

/**
 * Reserves units of every hard quota and priced meter that the call counts into, from where it was left off. After `waiting`, when the
 * waiter is told that it has its units, count them in `reservedQuotas` and call this again.
 */
export function reserveQuotas(exchange: Exchange, waiter: QuotaWaiter): ReservationVerdict {
  const { terms, metering } = exchange.account!;
  if (terms === null) return 'reserved';
  const { reservations } = terms;
  for (; exchange.reservedQuotas < reservations.length; exchange.reservedQuotas++) {
    const { hand, meter, limit } = reservations[exchange.reservedQuotas]!;
    const metered = meteredBy(metering, meter);
    if (metered === null || hand.tryReserve(metered.micro, limit)) continue;
    hand.wait(metered.micro, waiter);
    return 'waiting';
  }
  return 'reserved';
}

/**
 * Ends the reservations of a request by how it was judged: what it has used is used, the rest is released. All of it is
 * released without a judgement.
 */
export function endReservations(exchange: Exchange, judgement: Judgement | null): void {
  for (let index = 0; index < exchange.reservedQuotas; index++) {
    const { kind, hand, meter } = exchange.account!.terms!.reservations[index]!;
    const metered = meteredBy(exchange.account!.metering, meter);
    if (metered === null) continue;
    const used = judgement !== null && isUsed(kind, judgement) ? usedMicro(metered, exchange.settled) : 0;
    if (used > 0) hand.use(used);
    if (used < metered.micro) hand.release(metered.micro - used);
  }
  exchange.reservedQuotas = 0;
}

/** Quotas are used by what counts into them, money by what is billed. */
export function isUsed(kind: Reservation['kind'], judgement: Judgement): boolean {
  return kind === 'quota' ? judgement.countsToQuota : judgement.billable;
}

/** What each call of an operation counts into a meter; null when that is nothing. */
export function meteredBy({ perMeter }: Metering, meter: string): MeteredQuantity | null {
  for (const metered of perMeter) if (metered.meter === meter) return metered;
  return null;
}
