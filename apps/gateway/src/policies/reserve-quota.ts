import type { QuotaWaiter } from '#limits';
import type { Exchange } from '../exchange.js';
import type { Metering } from '../metering/metering.js';

/** `waiting`: a block of units is being fetched, and the waiter is told. */
export type ReservationVerdict = 'reserved' | 'waiting';

/**
 * Reserves units of every hard quota that the call counts into, from where it was left off. After `waiting`, when the
 * waiter is told that it has its units, count them in `reservedQuotas` and call this again.
 */
export function reserveQuotas(exchange: Exchange, waiter: QuotaWaiter): ReservationVerdict {
  const { terms, metering } = exchange.account!;
  const quotas = terms?.hardQuotas ?? [];
  for (; exchange.reservedQuotas < quotas.length; exchange.reservedQuotas++) {
    const { hand, meter, limit } = quotas[exchange.reservedQuotas]!;
    const micro = microOf(metering, meter);
    if (micro === 0 || hand.tryReserve(micro, limit)) continue;
    hand.wait(micro, waiter);
    return 'waiting';
  }
  return 'reserved';
}

/** Ends the reservations of a request: used when it counts, released when it does not. */
export function endReservations(exchange: Exchange, counts: boolean): void {
  const quotas = exchange.account?.terms?.hardQuotas ?? [];
  for (let index = 0; index < exchange.reservedQuotas; index++) {
    const { hand, meter } = quotas[index]!;
    const micro = microOf(exchange.account!.metering, meter);
    if (micro === 0) continue;
    if (counts) hand.use(micro);
    else hand.release(micro);
  }
  exchange.reservedQuotas = 0;
}

function microOf({ perMeter }: Metering, meter: string): number {
  for (const metered of perMeter) if (metered.meter === meter) return metered.micro;
  return 0;
}
