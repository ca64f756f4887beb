import {
  type SegmentKey,
  type SegmentManifest,
  type Transaction,
  countManifests,
  findSegmentBeyondJournal,
  findSegmentGap,
} from '#persistence';
import { ENTRY_BYTES } from '../usage/event-digest.js';
import { segmentSeal } from '../usage/segment-seal.js';
import type { Finding } from './verify-report.js';

/**
 * The journal is complete in the ledger: in each epoch of each gateway the segments are numbered without gaps and not
 * beyond what the gateway has sealed. With how many segments there are.
 */
export async function checkNumbering(
  transaction: Transaction,
): Promise<{ readonly count: number; readonly difference: Finding | null }> {
  const count = await countManifests(transaction);
  return { count, difference: (await describeGap(transaction)) ?? (await describeBeyond(transaction)) };
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

/** Null when a manifest fits its seal, which is computed anew, and its own count. */
export function describeBrokenSeal(manifest: SegmentManifest): Finding | null {
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
