import { REPORTED_USAGE_TYPE } from '../usage/reported-usage.js';
import { QUANTITY_PREFIX, RECORD_ID, type TelemetryFault, cloudEventOf } from './telemetry-usage.js';
import { type TelemetryAttributes, type TelemetryOrigin, type TelemetryValue, fromEntries } from './telemetry-value.js';

/** A log record of OpenTelemetry, as far as usage is read out of it. */
export interface LogRecord {
  readonly origin: TelemetryOrigin;
  readonly eventName: string;
  /** Nanoseconds since 1970; 0 for not known. */
  readonly timeUnixNano: bigint;
  /** When the collector saw it; 0 for not known. */
  readonly observedTimeUnixNano: bigint;
  readonly attributes: TelemetryAttributes;
}

/**
 * The CloudEvent that a log record is: an event called `tollgate.usage` whose `log.record.uid` names it for ever. One without such an
 * id is a fault, as nothing else tells a repetition from a second use of the same at the same time.
 */
export function usageOfLogRecord(record: LogRecord): Readonly<Record<string, unknown>> | TelemetryFault {
  const { origin, attributes } = record;
  // The attribute is how events were named before they had a field of their own.
  const name = record.eventName || attributes.get('event.name');
  if (name !== REPORTED_USAGE_TYPE) {
    const message = `expected "${REPORTED_USAGE_TYPE}"; send no other records here`;
    return { place: 'eventName', message };
  }
  const id = attributes.get(RECORD_ID);
  if (id === undefined) {
    const message = 'is missing; it makes sure that a record that is sent again counts once';
    return { place: `attribute ${RECORD_ID}`, message };
  }
  const quantities = [...attributes].flatMap(([key, value]): [string, unknown][] =>
    key.startsWith(QUANTITY_PREFIX) ? [[key.slice(QUANTITY_PREFIX.length), quantityOf(value)]] : [],
  );
  return cloudEventOf({
    origin,
    attributes,
    id,
    timeUnixNano: record.timeUnixNano || record.observedTimeUnixNano || null,
    quantities: fromEntries(quantities),
  });
}

function quantityOf(value: TelemetryValue): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
