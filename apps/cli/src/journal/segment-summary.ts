import fs from 'node:fs/promises';
import { type SegmentContent, type SegmentDamage, readSegmentPayloads } from '#journal';
import { uuidV7TimeMs } from '#domain';

/** What there is to say of one segment file. */
export interface SegmentSummary {
  readonly file: string;
  readonly state: 'open' | 'sealed';
  /** Null when the file does not begin as a segment: then it holds nothing that can be read. */
  readonly gatewayId: string | null;
  readonly epoch: number | null;
  readonly segment: number | null;
  readonly bytes: number;
  /** Readable events, before the damage if there is any. */
  readonly events: number;
  /** When the first and the last of them were admitted. */
  readonly firstAt: Date | null;
  readonly lastAt: Date | null;
  readonly damage: Pick<SegmentDamage, 'kind' | 'message'> | null;
}

/** A segment file that is gone by now (acknowledged and deleted) is null. */
export async function summarizeSegment(file: string): Promise<SegmentSummary | null> {
  const state = file.endsWith('.open') ? 'open' : 'sealed';
  let bytes: number;
  try {
    bytes = (await fs.stat(file)).size;
  } catch {
    return null;
  }
  const content = await readContent(file);
  if (content === null) return null;
  if ('message' in content) {
    const nothing = { gatewayId: null, epoch: null, segment: null, events: 0, firstAt: null, lastAt: null };
    // A segment that has just been begun holds no header yet.
    const damage = state === 'open' && bytes === 0 ? null : ({ kind: 'corrupt', message: content.message } as const);
    return { file, state, ...nothing, bytes, damage };
  }
  const { header, payloads, damage } = content;
  const { gatewayId, epoch, segment } = header;
  const isUnfinished = state === 'open' && damage?.kind === 'torn_tail';
  return {
    file,
    state,
    gatewayId,
    epoch,
    segment,
    bytes,
    events: payloads.length,
    firstAt: admittedAt(payloads[0]),
    lastAt: admittedAt(payloads.at(-1)),
    // Of a segment that is still written to, the last record may be on its way.
    damage: damage === null || isUnfinished ? null : { kind: damage.kind, message: damage.message },
  };
}

async function readContent(file: string): Promise<SegmentContent | { readonly message: string } | null> {
  try {
    return await readSegmentPayloads(file);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    if (error.code === 'ENOENT') return null;
    if (error.code === 'journal_header_unreadable') return { message: 'it does not begin as a journal segment' };
    throw error;
  }
}

function admittedAt(payload: Buffer | undefined): Date | null {
  if (payload === undefined) return null;
  try {
    const { id } = JSON.parse(payload.toString('utf8')) as { id?: unknown };
    return typeof id === 'string' ? new Date(uuidV7TimeMs(id)) : null;
  } catch {
    return null;
  }
}
