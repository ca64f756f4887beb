import {
  type DecimalString,
  type EventCaller,
  type UsageEvent,
  addDecimals,
  compareDecimals,
  isSameCaller,
  uuidV7TimeMs,
} from '#domain';
import { type LedgerEvent, NO_METER, type RollupRow } from '#persistence';

const BUCKET_MS = 900_000;
/** What a call counts that has used nothing of any meter. */
const ONE_CALL: UsageEvent['quantities'] = { [NO_METER]: '1' };
const NOTHING: UsageEvent['quantities'] = {};
const SMALL_INTEGER = /^\d{1,9}$/;

type Aggregates = 'eventCount' | 'quantitySum' | 'quantityMin' | 'quantityMax' | 'quantityLast';

/** A rollup row while it is added up: whole numbers apart from the others, as nearly all are whole and small. */
interface Sum {
  readonly row: Omit<RollupRow, Aggregates | 'lastEventId' | 'lastEventSeq'>;
  count: number;
  whole: number;
  fraction: DecimalString;
  min: DecimalString;
  max: DecimalString;
  last: DecimalString;
  lastId: string;
  lastSeq: number;
}

/** What one caller's events add up to, by what is not of the caller. */
interface CallerSums {
  readonly caller: EventCaller;
  readonly settlesInMs: number | null;
  readonly sums: Map<string, Sum>;
}

/**
 * What the events add to the rollups: one row for each key, with exact sums. The database says the same of rows that it
 * adds up itself, see `insertStagedUsage`.
 */
export function rollupRows(events: readonly LedgerEvent[]): RollupRow[] {
  const callers = new Map<string, CallerSums[]>();
  for (const { event, settlesInMs } of events) {
    const { sums } = sumsOfCaller(callers, event, settlesInMs);
    const admittedMs = uuidV7TimeMs(event.id);
    const bucketAtMs = admittedMs - (admittedMs % BUCKET_MS);
    const statusClass = Math.floor(event.status / 100);
    const quantities = countedUnits(event);
    const counts = quantities !== ONE_CALL;
    const billable = event.billable && counts;
    const countsToQuota = event.countsToQuota && counts;
    for (const meter in quantities) {
      // An operation may hold any character but control ones, so it comes last.
      const key = `${bucketAtMs} ${statusClass}${billable}${countsToQuota} ${meter} ${event.operation}`;
      const quantity = quantities[meter]!;
      let sum = sums.get(key);
      if (sum === undefined) {
        const { organizationId, applicationId, credentialId, subscriptionId, phaseId, planVersionId, mode } = event;
        const { periodStartMs, apiProductId, apiVersionId, operation } = event;
        sum = {
          row: {
            organizationId,
            applicationId,
            credentialId,
            subscriptionId,
            phaseId,
            planVersionId,
            mode,
            periodStartMs,
            settlesInMs,
            apiProductId,
            apiVersionId,
            operation,
            meter,
            bucketAtMs,
            statusClass,
            billable,
            countsToQuota,
          },
          count: 0,
          whole: 0,
          fraction: '0',
          min: quantity,
          max: quantity,
          last: quantity,
          lastId: event.id,
          lastSeq: event.seq,
        };
        sums.set(key, sum);
      }
      add(sum, event, quantity);
    }
  }
  const all = [...callers.values()].flat().flatMap(({ sums }) => [...sums.values()]);
  return all.map(({ row, count, whole, fraction, min, max, last, lastId, lastSeq }) => ({
    ...row,
    eventCount: count,
    quantitySum: fraction === '0' ? String(whole) : addDecimals(fraction, String(whole)),
    quantityMin: min,
    quantityMax: max,
    quantityLast: last,
    lastEventId: lastId,
    lastEventSeq: lastSeq,
  }));
}

function sumsOfCaller(callers: Map<string, CallerSums[]>, caller: EventCaller, settlesInMs: number | null): CallerSums {
  let ofKey = callers.get(caller.credentialId);
  if (!ofKey) callers.set(caller.credentialId, (ofKey = []));
  let found = ofKey.find((one) => one.settlesInMs === settlesInMs && isSameCaller(one.caller, caller));
  if (!found) ofKey.push((found = { caller, settlesInMs, sums: new Map() }));
  return found;
}

/** The units of each meter; of a call without any, one of its own: see `countedUnitsSql`. */
function countedUnits({ quantities, seq }: UsageEvent): UsageEvent['quantities'] {
  for (const _ in quantities) return quantities;
  return seq === 0 ? ONE_CALL : NOTHING;
}

function add(sum: Sum, { id, seq }: UsageEvent, quantity: DecimalString): void {
  sum.count++;
  if (SMALL_INTEGER.test(quantity)) sum.whole += Number(quantity);
  else sum.fraction = addDecimals(sum.fraction, quantity);
  if (id > sum.lastId || (id === sum.lastId && seq > sum.lastSeq)) {
    sum.last = quantity;
    sum.lastId = id;
    sum.lastSeq = seq;
  }
  // Nearly always every event of an operation counts the same.
  if (quantity === sum.min && quantity === sum.max) return;
  if (compareDecimals(quantity, sum.min) < 0) sum.min = quantity;
  if (compareDecimals(quantity, sum.max) > 0) sum.max = quantity;
}
