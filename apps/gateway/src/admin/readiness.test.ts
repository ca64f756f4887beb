import { describe, expect, it } from 'vitest';
import { type ReadinessInput, readinessOf } from './readiness.js';

const healthy: ReadinessInput = {
  isDraining: false,
  journal: 'writing',
  snapshotAgeSeconds: 0.4,
  snapshotNumber: 7,
  unacknowledgedSegments: 1,
  heldSegments: 0,
  disk: { usedShare: 0.5, freeBytes: 1e9 },
};
const of = (changed: Partial<ReadinessInput>) => readinessOf({ ...healthy, ...changed });

describe('readiness', () => {
  it('has no reasons and no warnings while all is well', () => {
    expect(of({})).toMatchObject({ isReady: true, reasons: [], warnings: [], state: 'running' });
  });

  it.each([
    [{ isDraining: true }, 'draining'],
    [{ journal: 'failed' }, 'journal_not_writing'],
    [{ disk: { usedShare: 0.98, freeBytes: 1 } }, 'journal_disk_full'],
  ] as const)('%j is a reason to send no calls: %s', (changed, reason) => {
    expect(of(changed)).toMatchObject({ isReady: false, reasons: [reason], warnings: [] });
  });

  it.each([
    [{ snapshotAgeSeconds: Infinity }, 'snapshot_from_disk'],
    [{ snapshotAgeSeconds: 31 }, 'snapshot_old'],
    [{ disk: { usedShare: 0.8, freeBytes: 1 } }, 'journal_disk_filling'],
    [{ heldSegments: 1 }, 'segments_held'],
  ] as const)('%j is a warning only: %s', (changed, warning) => {
    expect(of(changed)).toMatchObject({ isReady: true, reasons: [], warnings: [warning] });
  });

  it('says nothing of a disk that cannot be asked', () => {
    expect(of({ disk: null })).toMatchObject({ isReady: true, journalDiskUsed: null });
  });
});
