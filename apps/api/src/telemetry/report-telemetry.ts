import {
  InvalidError,
  type LogRecord,
  type MetricPoint,
  RECORD_ID,
  type TelemetryFault,
  dataPointPlace,
  isTelemetryFault,
  telemetryPlace,
  usageOfDataPoint,
  usageOfLogRecord,
} from '#domain';
import { type ServiceContext, reportCountableUsage } from '#services';
import type { Reporter } from '../access/caller.js';
import { type Placed, readDataPoints, readLogRecords } from './otlp-messages.js';

/** More than a collector sends at a time by default, which is 8,192. */
const MAX_RECORDS = 10_000;
/** An exporter writes them in one line of its log. */
const MAX_NAMED_FAULTS = 10;
const MAX_SHOWN_ID = 100;

/** Nothing of the telemetry is counted: each of its records has a fault, or there are too many. */
export class TelemetryRefusedError extends InvalidError {}

/** What became of telemetry of which something was counted. */
export interface TelemetryOutcome {
  /** Log records or data points that are not counted. */
  readonly rejected: number;
  /** Why; empty when all are. */
  readonly message: string;
}

/** A record as a CloudEvent; null for one that reports nothing. */
type Read = Readonly<Record<string, unknown>> | TelemetryFault | null;

interface Entry {
  /** Where it is, for people. */
  readonly name: string;
  readonly read: Read;
}

/**
 * Counts the log records of an ExportLogsServiceRequest, each that can be counted, and each once however often it is sent.
 * @throws TelemetryRefusedError `telemetry_refused` when none can be, `telemetry_size`; InvalidError `otlp_malformed`
 */
export async function reportLogs(
  context: ServiceContext,
  reporter: Reporter,
  body: unknown,
): Promise<TelemetryOutcome> {
  const entries = bounded(readLogRecords(body)).map(({ place, item }) => ({
    name: `${place}${shownId(item)}`,
    read: usageOfLogRecord(item),
  }));
  return report(context, reporter, entries, telemetryPlace);
}

/**
 * The same of the data points of an ExportMetricsServiceRequest.
 * @throws TelemetryRefusedError `telemetry_refused`, `telemetry_size`; InvalidError `otlp_malformed`
 */
export async function reportMetrics(
  context: ServiceContext,
  reporter: Reporter,
  body: unknown,
): Promise<TelemetryOutcome> {
  const entries = bounded(readDataPoints(body)).map(({ place, item }) => ({
    name: `${place} (${item.metric.name})`,
    read: usageOfDataPoint(item),
  }));
  return report(context, reporter, entries, (pointer) => dataPointPlace(telemetryPlace(pointer)));
}

function bounded<Item extends LogRecord | MetricPoint>(records: Placed<Item>[]): Placed<Item>[] {
  if (records.length <= MAX_RECORDS) return records;
  throw new TelemetryRefusedError(
    'telemetry_size',
    `These are ${records.length} records; send at most ${MAX_RECORDS} at a time: set send_batch_max_size where they are batched.`,
  );
}

function shownId({ attributes }: LogRecord): string {
  const id = attributes.get(RECORD_ID);
  return typeof id === 'string' ? ` (${JSON.stringify(id.slice(0, MAX_SHOWN_ID))})` : '';
}

async function report(
  context: ServiceContext,
  { id, publisherTeamId }: Reporter,
  entries: readonly Entry[],
  placeOf: (pointer: string) => string,
): Promise<TelemetryOutcome> {
  const faults: string[] = [];
  const tell = ({ name }: Entry, { place, message }: TelemetryFault) => faults.push(`${name}, ${place}: ${message}`);
  const countable: Entry[] = [];
  for (const entry of entries) {
    if (entry.read === null) continue;
    if (isTelemetryFault(entry.read)) tell(entry, entry.read);
    else countable.push(entry);
  }
  const events = countable.map(({ read }) => read);
  const { rejected } = await reportCountableUsage(context, { publisherTeamId, ingestTokenId: id, events });
  for (const { index, pointer, message } of rejected) tell(countable[index]!, { place: placeOf(pointer), message });
  if (faults.length === 0) return { rejected: 0, message: '' };
  const shown = faults.slice(0, MAX_NAMED_FAULTS).join('; ') + (faults.length > MAX_NAMED_FAULTS ? '; …' : '');
  if (faults.length === entries.length)
    throw new TelemetryRefusedError('telemetry_refused', `Nothing was counted. ${shown}`);
  return { rejected: faults.length, message: `${faults.length} of ${entries.length} were not counted. ${shown}` };
}
