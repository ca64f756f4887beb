import type { JournalState } from '#journal';
import type { DiskReading } from './journal-disk.js';

/** Why no calls should be sent here. */
export type UnreadyReason = 'draining' | 'journal_not_writing' | 'journal_disk_full';

/** What wants an operator's eye while calls are served all the same. */
export type Warning = 'snapshot_from_disk' | 'snapshot_old' | 'journal_disk_filling' | 'segments_held';

export interface ReadinessInput {
  readonly isDraining: boolean;
  readonly journal: JournalState;
  /** Infinity when the snapshot came from disk and was not confirmed since. */
  readonly snapshotAgeSeconds: number;
  readonly snapshotNumber: number;
  readonly unacknowledgedSegments: number;
  readonly heldSegments: number;
  readonly disk: DiskReading | null;
}

/** How ready the gateway is, for load balancers and people. */
export interface Readiness {
  readonly isReady: boolean;
  readonly reasons: readonly UnreadyReason[];
  readonly warnings: readonly Warning[];
  readonly state: 'running' | 'draining';
  readonly journal: JournalState;
  readonly snapshotNumber: number;
  /** Null when the snapshot came from disk and was not confirmed since. */
  readonly snapshotAgeSeconds: number | null;
  readonly unacknowledgedSegments: number;
  /** Of the journal's disk, from 0 to 1; null when it is not known. */
  readonly journalDiskUsed: number | null;
}

const oldAfterSeconds = 30;
const fillingFrom = 0.8;
const fullFrom = 0.98;

/**
 * A gateway without database goes on with what it knows, so an old snapshot is a warning and no reason. Without a journal
 * nothing may be served.
 */
export function readinessOf(input: ReadinessInput): Readiness {
  const { isDraining, journal, snapshotAgeSeconds, disk, heldSegments } = input;
  const used = disk?.usedShare ?? null;
  const reasons: UnreadyReason[] = [];
  if (isDraining) reasons.push('draining');
  if (journal !== 'writing') reasons.push('journal_not_writing');
  if (used !== null && used >= fullFrom) reasons.push('journal_disk_full');
  const warnings: Warning[] = [];
  if (snapshotAgeSeconds === Infinity) warnings.push('snapshot_from_disk');
  else if (snapshotAgeSeconds > oldAfterSeconds) warnings.push('snapshot_old');
  if (used !== null && used >= fillingFrom && used < fullFrom) warnings.push('journal_disk_filling');
  if (heldSegments > 0) warnings.push('segments_held');
  return {
    isReady: reasons.length === 0,
    reasons,
    warnings,
    state: isDraining ? 'draining' : 'running',
    journal,
    snapshotNumber: input.snapshotNumber,
    snapshotAgeSeconds: Number.isFinite(snapshotAgeSeconds) ? Math.round(snapshotAgeSeconds * 1000) / 1000 : null,
    unacknowledgedSegments: input.unacknowledgedSegments,
    journalDiskUsed: used === null ? null : Math.round(used * 1000) / 1000,
  };
}
