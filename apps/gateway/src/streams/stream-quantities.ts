import { isDeepStrictEqual } from 'node:util';
import {
  type DecimalString,
  addDecimals,
  compareDecimals,
  microToDecimal,
  subtractDecimals,
  withinMaximum,
} from '#domain';
import type { Judgement } from '../metering/billability.js';
import type { CallCost, PassedBytes } from '../metering/call-cost.js';
import type { MeteredQuantity, Metering, ValueRule } from '../metering/metering.js';
import { microOf } from '../metering/micro.js';
import type { SettledUsage } from '../metering/settle-usage.js';

/** What a row of a stream is made of. */
export interface RowInput {
  readonly metering: Metering;
  readonly judgement: Judgement;
  readonly cost: CallCost | null;
  /** What has passed since the stream began. */
  readonly traffic: PassedBytes;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Millionths of a meter that are reserved for the row; more is not counted. */
  readonly room: (meter: string) => number;
}

/**
 * Knows what the rows of a stream have counted so far, so that each next one has what was added since: values grow from
 * row to row. Only the last row may be an estimate.
 */
export class StreamQuantities {
  private readonly counted = new Map<string, DecimalString>();

  constructor(private readonly isWebSocket: boolean) {}

  /** Its maximum is reserved again and again as the stream goes on; of other values it bounds the whole stream. */
  isRenewed({ from }: ValueRule): boolean {
    switch (from) {
      case 'seconds':
        return true;
      case 'messages':
      case 'request_bytes':
      case 'response_bytes':
        return this.isWebSocket;
      case 'response_header':
      case 'response_json':
        return false;
    }
  }

  /** Units of a meter in all rows so far. */
  countedOf({ meter }: MeteredQuantity): DecimalString {
    return this.counted.get(meter) ?? '0';
  }

  /**
   * Goes on by other meters, which count what passes from now on. Of an answer that is under way a new rule may tell nothing:
   * what it would read has passed.
   */
  renew(before: Metering, metering: Metering, cost: CallCost, traffic: PassedBytes): void {
    for (const metered of metering.perMeter) {
      const { meter, value, quantity } = metered;
      if (value === null) continue;
      const known = before.perMeter.find((one) => one.meter === meter);
      if (known !== undefined && isDeepStrictEqual(known, metered)) continue;
      const units = cost.units(value, traffic) ?? (cost.isReading(value) ? '0' : quantity);
      this.counted.set(meter, this.isRenewed(value) ? units : withinMaximum(units, quantity).counted);
    }
  }

  /** What the next row counts. */
  row(input: RowInput): SettledUsage {
    const quantities: Record<string, DecimalString> = {};
    let overrun: Record<string, DecimalString> | null = null;
    let isEstimated = false;
    for (const metered of input.metering.perMeter) {
      const { meter, value } = metered;
      if (value === null) {
        if (input.isFirst && input.judgement.meters === 'all') quantities[meter] = metered.quantity;
        continue;
      }
      const part = this.partOf(metered, value, input);
      if (part.counted !== '0') quantities[meter] = part.counted;
      if (part.overrun !== null) (overrun ??= {})[meter] = part.overrun;
      isEstimated ||= part.isEstimated;
    }
    return { quantities, overrun, isEstimated };
  }

  private partOf(metered: MeteredQuantity, value: ValueRule, { cost, traffic, judgement, isLast, room }: RowInput) {
    const before = this.countedOf(metered);
    const known = cost?.units(value, traffic) ?? null;
    const isEstimated = known === null && isLast && (judgement.billable || judgement.countsToQuota);
    const units = known ?? (isEstimated ? metered.quantity : before);
    const total = this.isRenewed(value) ? { counted: units, overrun: null } : withinMaximum(units, metered.quantity);
    // A value that an answer takes back is not taken back here: its rows are in the ledger.
    if (compareDecimals(total.counted, before) <= 0) {
      return { counted: '0', overrun: isLast ? total.overrun : null, isEstimated: false };
    }
    const added = subtractDecimals(total.counted, before);
    const reserved = room(metered.meter);
    const isWithin = microOf(added) <= reserved;
    const row = isWithin ? { counted: added, overrun: null } : withinMaximum(added, microToDecimal(BigInt(reserved)));
    this.counted.set(metered.meter, total.counted);
    const above = [...(row.overrun ? [row.overrun] : []), ...(isLast && total.overrun ? [total.overrun] : [])];
    return { counted: row.counted, overrun: above.length === 0 ? null : addDecimals(...above), isEstimated };
  }
}
