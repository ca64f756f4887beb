import type { UsageEvent } from '#domain';
import type { OpenStream } from '#persistence';

/**
 * The end of a stream whose gateway died, after the last row that the ledger has of it: it ends where it was last recorded, with nothing more. Made anew after another crash it
 * is the same, so that the ledger takes it once.
 */
export function interruptedRow(last: OpenStream): UsageEvent {
  return {
    ...last,
    seq: last.seq + 1,
    outcome: 'interrupted',
    reason: 'interrupted',
    attempts: 1,
    bytesIn: 0,
    bytesOut: 0,
    quantities: {},
  };
}
