import fs from 'node:fs';
import { type LeftoverSegment, readSegment } from '#journal';
import type { GatewayCore } from '../gateway-core.js';
import type { DecisionBook } from './decision-book.js';
import { readLeftDecisions } from './log/decision-log.js';
import { readDecisionRecord } from './log/decision-record.js';
import { RestoredDecision } from './log/restored-decision.js';

/**
 * Takes over the admitted calls that earlier starts in this folder have not recorded, before anything else is admitted. They
 * hold the watermark until they are recorded. `leftovers` are the segments of those starts: a crash may come between the event of a
 * call and the note that it is written.
 */
export async function restoreDecisions(
  gateway: GatewayCore,
  book: DecisionBook,
  folder: string,
  leftovers: readonly LeftoverSegment[],
): Promise<readonly RestoredDecision[]> {
  const { records, files } = readLeftDecisions(folder);
  const recorded = records.size === 0 ? new Set<string>() : await idsIn(leftovers);
  const restored: RestoredDecision[] = [];
  for (const [requestId, text] of records) {
    if (recorded.has(requestId)) continue;
    const record = readDecisionRecord(text);
    if (record !== null) restored.push(new RestoredDecision(gateway, record, text));
    else gateway.log.error({ requestId }, 'what was kept of an admitted call cannot be read: it is not billed');
  }
  restored.sort((one, other) => one.admittedMs - other.admittedMs);
  for (const decision of restored) {
    gateway.watermark.enter(decision);
    book.keep(decision);
  }
  for (const file of files) fs.rmSync(file);
  if (restored.length > 0)
    gateway.log.warn({ calls: restored.length }, 'admitted calls of an earlier start wait for their reports');
  return restored;
}

async function idsIn(leftovers: readonly LeftoverSegment[]): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const { file } of leftovers) for (const { id } of (await readSegment(file)).events) ids.add(id);
  return ids;
}
