import {
  type SegmentKey,
  type SegmentManifest,
  type Transaction,
  countManifests,
  findSegmentBeyondJournal,
  findSegmentGap,
  listManifests,
} from '#persistence';
import { ENTRY_BYTES } from '../usage/event-digest.js';
import { segmentSeal } from '../usage/segment-seal.js';
import { type CheckResult, type Finding, checkResult } from './verify-report.js';

const PAGE = 20;

/**
 * The journal is complete in the ledger: in each epoch of each gateway the segments are numbered without gaps and not
 * beyond what the gateway has sealed, and each manifest fits its seal. With `since`, only the seals of segments that were
 * acknowledged from then on are computed anew.
 */
export async function checkSegments(transaction: Transaction, since: Date | null): Promise<CheckResult> {
  const count = await countManifests(transaction);
  const numbering = (await describeGap(transaction)) ?? (await describeBeyond(transaction));
  if (numbering) return checkResult('segments', count, numbering);
  let checked = 0;
  for await (const manifest of allManifests(transaction, since)) {
    const broken = describeBrokenSeal(manifest);
    if (broken) return checkResult('segments', checked, broken);
    checked += 1;
  }
  return checkResult('segments', count, null);
}

/** Every manifest in the order of its key, a page at a time. */
export async function* allManifests(transaction: Transaction, since: Date | null): AsyncGenerator<SegmentManifest> {
  let after: SegmentKey | null = null;
  for (;;) {
    const page: SegmentManifest[] = await listManifests(transaction, { after, since, limit: PAGE });
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)!;
  }
}

export function nameSegment({ gatewayId, epoch, segment }: SegmentKey): string {
  return `${gatewayId}/${epoch}/${segment}`;
}

async function describeGap(transaction: Transaction): Promise<Finding | null> {
  const gap = await findSegmentGap(transaction);
  if (!gap) return null;
  return {
    row: `segment_manifest ${nameSegment(gap)}`,
    expected: 'a manifest',
    actual: `none, while there is one of segment ${gap.next}`,
    message: `Segment ${gap.segment} of ${gap.gatewayId}, epoch ${gap.epoch}, is not in the ledger. Its usage is missing until its gateway ships it.`,
  };
}

async function describeBeyond(transaction: Transaction): Promise<Finding | null> {
  const beyond = await findSegmentBeyondJournal(transaction);
  if (!beyond) return null;
  return {
    row: `segment_manifest ${nameSegment(beyond)}`,
    expected: `at most segment ${beyond.sealedSegment}, the last that the gateway has sealed`,
    actual: `segment ${beyond.segment}`,
    message: `The ledger has a segment that ${beyond.gatewayId} never wrote.`,
  };
}

function describeBrokenSeal(manifest: SegmentManifest): Finding | null {
  const row = `segment_manifest ${nameSegment(manifest)}`;
  const seal = segmentSeal(manifest);
  if (!seal.equals(manifest.seal)) {
    const message = 'The manifest was changed after it was written: its seal no longer fits.';
    return { row, expected: `seal ${seal.toString('hex')}`, actual: `seal ${manifest.seal.toString('hex')}`, message };
  }
  const entries = manifest.digests.length / ENTRY_BYTES;
  if (entries === manifest.eventCount) return null;
  const message = 'The manifest does not list as many events as it counts.';
  return { row, expected: `${manifest.eventCount} events`, actual: `${entries} events`, message };
}
