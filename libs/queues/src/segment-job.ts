import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { TollgateError } from '#domain';
import { z } from 'zod';

/** The queue on which gateways ship the sealed segments of their journals to the workers. */
export const SEGMENT_QUEUE = 'usage-segments';
/** The name of the only kind of job on that queue. */
export const SEGMENT_JOB_NAME = 'ingest';

/** What a segment may unpack to at most; a gateway's segment is about 1 MiB. */
const maxUnpackedBytes = 64 * 1024 * 1024;
const NEWLINE = 10;
/** A gateway's event is some 800 bytes long, and packed a sixth to a fiftieth of that: the more callers, the more. */
const eventBytes = 1_024;
const packedShare = 1 / 4;
const leastOutputBytes = 16 * 1024;
const mostOutputBytes = 4 * 1024 * 1024;
const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

export const segmentJobSchema = z.object({
  gatewayId: z.string().min(1),
  epoch: z.number().int().min(1),
  segment: z.number().int().min(1),
  attempt: z.number().int().min(1),
  eventCount: z.number().int().min(0),
  contentHash: z.string().regex(/^[0-9a-f]{64}$/),
  encoding: z.literal('zstd-json-base64'),
  events: z.string(),
});

/**
 * One sealed segment of a gateway's journal, on its way to the ledger. The same segment may be shipped several times,
 * each time as a new attempt; `contentHash` is the same for all of them.
 */
export type SegmentJob = Readonly<z.output<typeof segmentJobSchema>>;

/** A segment as its gateway has it on disk: the payload of each record, in order, is the JSON of one usage event. */
export interface SegmentToShip {
  readonly gatewayId: string;
  readonly epoch: number;
  readonly segment: number;
  /** 1 for the first time. */
  readonly attempt: number;
  readonly payloads: readonly Buffer[];
}

/** A job whose content is proven to be what the gateway wrote. */
export interface DecodedSegmentJob {
  readonly gatewayId: string;
  readonly epoch: number;
  readonly segment: number;
  readonly attempt: number;
  /** SHA-256 of the record payloads, in hex. */
  readonly contentHash: string;
  /** In the order in which the gateway wrote them: usage events, as far as the gateway is right; not checked here. */
  readonly events: readonly unknown[];
}

/** A job that is not a segment as a gateway ships it: nothing of it may be counted. */
export class SegmentJobError extends TollgateError {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('segment_job_damaged', message, options);
  }
}

/** The job's id: the same attempt is queued once. BullMQ does not allow ":" in it. */
export function segmentJobId(job: Pick<SegmentJob, 'gatewayId' | 'epoch' | 'segment' | 'attempt'>): string {
  return `${job.gatewayId}-${job.epoch}-${job.segment}-${job.attempt}`;
}

/** SHA-256, in hex, over the concatenated record payloads: what a segment is known by in the ledger. */
export function segmentContentHash(payloads: readonly Buffer[]): string {
  return hash('sha256', Buffer.concat(payloads), 'hex');
}

/**
 * Packs a segment: one JSON document a line, Zstandard (RFC 8878), base64. Runs off the event loop. `take` gives memory of so many bytes
 * that is used until the promise settles.
 */
export async function encodeSegmentJob(
  segment: SegmentToShip,
  take: (bytes: number) => Buffer = (bytes) => Buffer.allocUnsafe(bytes),
): Promise<SegmentJob> {
  const { lines, content } = join(segment.payloads, take);
  const packed = await compress(lines, {
    params: { [constants.ZSTD_c_compressionLevel]: 1 },
    chunkSize: outputBytes(lines.length * packedShare),
  });
  return {
    gatewayId: segment.gatewayId,
    epoch: segment.epoch,
    segment: segment.segment,
    attempt: segment.attempt,
    eventCount: segment.payloads.length,
    contentHash: hash('sha256', content, 'hex'),
    encoding: 'zstd-json-base64',
    events: packed.toString('base64'),
  };
}

/** The payloads in one piece, as lines and as what is hashed: one call for all costs a fraction of one for each. */
function join(payloads: readonly Buffer[], take: (bytes: number) => Buffer): { lines: Buffer; content: Buffer } {
  const contentBytes = payloads.reduce((sum, payload) => sum + payload.length, 0);
  const linesBytes = contentBytes + payloads.length;
  const memory = take(linesBytes + contentBytes);
  let [lineAt, contentAt] = [0, linesBytes];
  for (const payload of payloads) {
    memory.set(payload, lineAt);
    lineAt += payload.length;
    memory[lineAt++] = NEWLINE;
    memory.set(payload, contentAt);
    contentAt += payload.length;
  }
  return { lines: memory.subarray(0, linesBytes), content: memory.subarray(linesBytes) };
}

/** Room for what is expected, so that it comes in one piece: what is longer comes in several. */
function outputBytes(expected: number): number {
  return Math.min(Math.max(leastOutputBytes, Math.ceil(expected)), mostOutputBytes);
}

/**
 * Unpacks a job and proves it: shape, number of events and content hash. At most 64 MiB unpacked.
 * @throws SegmentJobError `segment_job_damaged`
 */
export async function decodeSegmentJob(data: unknown): Promise<DecodedSegmentJob> {
  const parsed = segmentJobSchema.safeParse(data);
  if (!parsed.success) {
    throw new SegmentJobError(`This is not a segment job: ${z.prettifyError(parsed.error)}`);
  }
  const job = parsed.data;
  const { content, ends } = takeLinesApart(await unpack(job));
  if (ends.length !== job.eventCount || hash('sha256', content, 'hex') !== job.contentHash) {
    throw new SegmentJobError(`The content of job ${segmentJobId(job)} is not what its hash and count say.`);
  }
  return {
    gatewayId: job.gatewayId,
    epoch: job.epoch,
    segment: job.segment,
    attempt: job.attempt,
    contentHash: job.contentHash,
    events: ends.map((end, index) => parsePayload(content.toString('utf8', ends[index - 1] ?? 0, end))),
  };
}

async function unpack(job: SegmentJob): Promise<Buffer> {
  try {
    const chunkSize = outputBytes(job.eventCount * eventBytes);
    return await decompress(Buffer.from(job.events, 'base64'), { maxOutputLength: maxUnpackedBytes, chunkSize });
  } catch (error) {
    throw new SegmentJobError(`The events of job ${segmentJobId(job)} cannot be unpacked.`, { cause: error });
  }
}

/** One damaged record must not keep the others from the ledger: what is no JSON comes through as its text. */
function parsePayload(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * The payloads one behind the other, in the place of the lines, and where each ends. JSON as it is written here holds no raw
 * line break, so each line is one payload.
 */
function takeLinesApart(lines: Buffer): { readonly content: Buffer; readonly ends: readonly number[] } {
  const ends: number[] = [];
  let length = 0;
  let start = 0;
  for (let end = lines.indexOf(NEWLINE); end !== -1; end = lines.indexOf(NEWLINE, start)) {
    lines.copyWithin(length, start, end);
    ends.push((length += end - start));
    start = end + 1;
  }
  return { content: lines.subarray(0, length), ends };
}
