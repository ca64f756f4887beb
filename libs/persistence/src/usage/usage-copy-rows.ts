import { type EventCaller, isSameCaller } from '#domain';
import { BinaryWriter } from '../database/binary-writer.js';
import { EVENT_COLUMNS } from './usage-event-columns.js';
import type { SegmentKey, StagedSegment } from './usage-ingest.js';

const CHUNK_BYTES = 64 * 1_024;
/** Signature, flags, and the length of an extension that there is not. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER = Buffer.from([0xff, 0xff]);

/** The events of these segments as COPY in binary format takes them, column by column as EVENT_COLUMNS has them. */
export function* copyRows(segments: readonly StagedSegment[]): Generator<Buffer> {
  const callers = new CallerColumns();
  const writer = new BinaryWriter(CHUNK_BYTES + 8_192);
  writer.raw(HEADER);
  for (const { segment, events } of segments) {
    const place = segmentColumns(segment);
    for (const { event, settlesInMs } of events) {
      writer.rawInt16(EVENT_COLUMNS.length);
      writer.uuid(event.id);
      writer.integer(event.seq);
      writer.timestamptz(event.endedAtMs);
      writer.raw(place);
      writer.raw(callers.of(event, settlesInMs));
      writer.text(event.operation);
      writer.text(event.method);
      writer.smallint(event.status);
      writer.text(event.outcome);
      writer.text(event.reason);
      writer.smallint(event.attempts);
      writer.bigint(event.bytesIn);
      writer.bigint(event.bytesOut);
      writer.jsonb(JSON.stringify(event.quantities));
      writer.boolean(event.billable);
      writer.boolean(event.countsToQuota);
      writer.boolean(event.estimated ?? false);
      writeJsonOrNull(writer, event.overrun);
      writeJsonOrNull(writer, event.distinctValues);
      if (writer.length >= CHUNK_BYTES) yield writer.take();
    }
  }
  writer.raw(TRAILER);
  yield writer.take();
}

function segmentColumns({ gatewayId, epoch, segment }: SegmentKey): Buffer {
  const writer = new BinaryWriter();
  writer.text(gatewayId);
  writer.bigint(epoch);
  writer.bigint(segment);
  return writer.take();
}

function writeJsonOrNull(writer: BinaryWriter, value: object | undefined): void {
  if (value === undefined) writer.null();
  else writer.jsonb(JSON.stringify(value));
}

/** The columns in the middle, from `mode` to `api_version_id`, which most events of a key share: written once for each. */
class CallerColumns {
  private readonly known = new Map<string, { caller: EventCaller; settlesInMs: number | null; bytes: Buffer }>();

  of(caller: EventCaller, settlesInMs: number | null): Buffer {
    const known = this.known.get(caller.credentialId);
    if (known !== undefined && known.settlesInMs === settlesInMs && isSameCaller(known.caller, caller))
      return known.bytes;
    const bytes = callerColumns(caller, settlesInMs);
    this.known.set(caller.credentialId, { caller, settlesInMs, bytes });
    return bytes;
  }
}

function callerColumns(caller: EventCaller, settlesInMs: number | null): Buffer {
  const writer = new BinaryWriter();
  const uuidOrNull = (id: string | null) => (id === null ? writer.null() : writer.uuid(id));
  const timeOrNull = (ms: number | null) => (ms === null ? writer.null() : writer.timestamptz(ms));
  writer.text(caller.mode);
  writer.uuid(caller.organizationId);
  writer.uuid(caller.applicationId);
  writer.uuid(caller.credentialId);
  uuidOrNull(caller.subscriptionId);
  uuidOrNull(caller.phaseId);
  uuidOrNull(caller.planVersionId);
  timeOrNull(caller.periodStartMs);
  timeOrNull(settlesInMs);
  writer.uuid(caller.apiProductId);
  writer.uuid(caller.apiVersionId);
  return writer.take();
}
