import type { DecimalString } from '#domain';
import type { QuotaVerdict } from '#limits';
import type { Exchange } from '../exchange.js';
import type { Judgement } from '../metering/billability.js';
import type { MeteredQuantity } from '../metering/metering.js';
import { microOf } from '../metering/micro.js';
import { isUsed, meteredBy } from '../policies/reserve-quota.js';
import type { Reservation, SubscriptionTerms } from '../policies/subscription-terms.js';

/** Why a stream gets no more units, in a word. */
export type ReserveRefusal = 'quota_exceeded' | 'money_cap_reached' | 'quota_reserved' | 'quota_unavailable';

export interface ReserveListener {
  /** What was asked for is there, or why it is not. Told later, never before `topUp` returns. */
  onReserve(refusal: ReserveRefusal | null): void;
}

interface Hold {
  readonly reservation: Reservation;
  readonly metered: MeteredQuantity;
  /** Millionths that are reserved and not used. */
  micro: number;
  /** Millionths that are used already, and in no row yet. */
  ahead: number;
  /** The rest of a quota is taken in the place of a whole reserve: there is no more. */
  isLast: boolean;
}

interface Asking {
  readonly target: (metered: MeteredQuantity) => number;
  readonly listener: ReserveListener;
  readonly takesRest: boolean;
  at: number;
  tries: number;
  refusal: ReserveRefusal | null;
}

/** Units that are lent elsewhere, or a store that is away, are waited for: so often, and so long each time. */
const maxTries = 12;
const retryMs = 250;

/** The units that a stream holds of hard quotas and spending caps: those of meters whose values grow as it goes on. */
export class StreamReserve {
  private holds: Hold[] = [];
  private asking: Asking | null = null;

  get isAsking(): boolean {
    return this.asking !== null;
  }

  /** Takes over what was reserved at the admission; what each call counts the same ends with the judgement. */
  adopt(exchange: Exchange, judgement: Judgement): void {
    const { terms, metering } = exchange.account!;
    for (let index = 0; index < exchange.reservedQuotas; index++) {
      const reservation = terms!.reservations[index]!;
      const metered = meteredBy(metering, reservation.meter);
      if (metered === null) continue;
      if (metered.value !== null)
        this.holds.push({ reservation, metered, micro: metered.micro, ahead: 0, isLast: false });
      else if (isUsed(reservation.kind, judgement)) reservation.hand.use(metered.micro);
      else reservation.hand.release(metered.micro);
    }
    exchange.reservedQuotas = 0;
  }

  /** Begins anew under other terms, with nothing in hand. */
  begin(exchange: Exchange, terms: SubscriptionTerms | null): void {
    const { metering } = exchange.account!;
    for (const reservation of terms?.reservations ?? []) {
      const metered = meteredBy(metering, reservation.meter);
      if (metered !== null && metered.value !== null)
        this.holds.push({ reservation, metered, micro: 0, ahead: 0, isLast: false });
    }
  }

  /** Millionths that may still be counted of a meter; Infinity where nothing bounds them. */
  room(meter: string, judgement: Judgement): number {
    let room = Infinity;
    for (const { reservation, micro, ahead } of this.holds) {
      if (reservation.meter === meter && isUsed(reservation.kind, judgement)) room = Math.min(room, micro + ahead);
    }
    return room;
  }

  /** A row has counted these quantities. */
  spend(quantities: Readonly<Record<string, DecimalString>>, judgement: Judgement): void {
    for (const hold of this.holds) {
      const { reservation } = hold;
      const quantity = quantities[reservation.meter];
      if (quantity === undefined || !isUsed(reservation.kind, judgement)) continue;
      const counted = microOf(quantity);
      const ahead = Math.min(hold.ahead, counted);
      hold.ahead -= ahead;
      use(hold, counted - ahead);
    }
  }

  /** What has passed since the last row is used, before a row says so: only what is left may come back to others. */
  spendAhead(passed: (metered: MeteredQuantity) => number, judgement: Judgement): void {
    for (const hold of this.holds) {
      if (!isUsed(hold.reservation.kind, judgement)) continue;
      hold.ahead += use(hold, Math.max(0, passed(hold.metered) - hold.ahead));
    }
  }

  /** Gives back all that is not used. */
  release(): void {
    const { holds } = this;
    this.holds = [];
    this.asking = null;
    for (const { reservation, micro } of holds) if (micro > 0) reservation.hand.release(micro);
  }

  /** Reserves until each meter has its `target`, in millionths; of a quota with less left, the rest if `takesRest`. */
  topUp(target: Asking['target'], takesRest: boolean, listener: ReserveListener): void {
    if (this.asking !== null) return;
    this.asking = { target, listener, takesRest, at: 0, tries: 0, refusal: null };
    queueMicrotask(this.next);
  }

  private readonly next = (): void => {
    const { asking, holds } = this;
    if (asking === null) return;
    for (; asking.at < holds.length; asking.at++) {
      const hold = holds[asking.at]!;
      const missing = asking.target(hold.metered) - hold.micro - hold.ahead;
      hold.isLast = false;
      if (missing > 0 && !this.tryReserve(hold, missing)) return this.wait(asking, hold, missing);
    }
    this.asking = null;
    asking.listener.onReserve(asking.refusal);
  };

  private tryReserve(hold: Hold, micro: number): boolean {
    const { hand, limit } = hold.reservation;
    if (!hand.tryReserve(micro, limit)) return false;
    hold.micro += micro;
    return true;
  }

  private wait(asking: Asking, hold: Hold, micro: number): void {
    const onQuotaVerdict = (verdict: QuotaVerdict): void => {
      if (this.asking !== asking) {
        if (verdict === 'reserved') hold.reservation.hand.release(micro);
        return;
      }
      if (verdict === 'reserved') {
        hold.micro += micro;
        return this.pass(asking);
      }
      const rest = Math.min(micro, hold.reservation.hand.remainingMicro());
      if (verdict !== 'unavailable' && asking.takesRest && !hold.isLast && rest > 0) {
        hold.isLast = true;
        asking.refusal = refusalOf(verdict, hold);
        if (this.tryReserve(hold, rest)) return this.pass(asking);
        return this.wait(asking, hold, rest);
      }
      if (verdict !== 'exceeded' && ++asking.tries < maxTries) return void setTimeout(this.next, retryMs);
      asking.refusal = refusalOf(verdict, hold);
      this.pass(asking);
    };
    hold.reservation.hand.wait(micro, { onQuotaVerdict });
  }

  private pass(asking: Asking): void {
    asking.at++;
    this.next();
  }
}

/** Returns how many millionths there were to use. */
function use(hold: Hold, micro: number): number {
  const used = Math.min(hold.micro, micro);
  if (used > 0) hold.reservation.hand.use(used);
  hold.micro -= used;
  return used;
}

function refusalOf(verdict: Exclude<QuotaVerdict, 'reserved'>, { reservation }: Hold): ReserveRefusal {
  switch (verdict) {
    case 'exceeded':
      return reservation.kind === 'quota' ? 'quota_exceeded' : 'money_cap_reached';
    case 'lent_elsewhere':
      return 'quota_reserved';
    case 'unavailable':
      return 'quota_unavailable';
  }
}
