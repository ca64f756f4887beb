import { LATENCY_BUCKETS, type Mode, type TrafficSpan, latencyBucket, sparseLatencies } from '#domain';
import type { OperationEntry } from '../snapshot/catalog.js';

const UPSTREAM = LATENCY_BUCKETS;
const CALLS = 2 * LATENCY_BUCKETS;
const CLASSES = 6;

/** Calls of one kind in one minute: the histogram of all of the time, that of the upstream's, and how many they are. */
export type TrafficCounts = Uint32Array;

export function newTrafficCounts(): TrafficCounts {
  return new Uint32Array(CALLS + 1);
}

/** Counts a call; null for a time that there is none of. */
export function countCall(counts: TrafficCounts, totalMs: number | null, upstreamMs: number | null): void {
  counts[CALLS]! += 1;
  if (totalMs !== null) counts[latencyBucket(totalMs)]! += 1;
  if (upstreamMs !== null) counts[UPSTREAM + latencyBucket(upstreamMs)]! += 1;
}

/** The calls of an operation in one minute, told apart by subset, mode and class of status. */
export class OperationTraffic {
  /** Few: a look along them is faster than a look-up. */
  private readonly subsets: (string | null)[] = [];
  private readonly bySubset: (TrafficCounts | null)[][] = [];

  constructor(readonly operation: OperationEntry) {}

  /** Null when there are none of the kind yet. */
  find(subset: string | null, mode: Mode, statusClass: number): TrafficCounts | null {
    const index = this.subsets.indexOf(subset);
    return index === -1 ? null : this.bySubset[index]![placeOf(mode, statusClass)]!;
  }

  add(subset: string | null, mode: Mode, statusClass: number): TrafficCounts {
    let index = this.subsets.indexOf(subset);
    if (index === -1) {
      index = this.subsets.push(subset) - 1;
      this.bySubset.push(Array.from({ length: 2 * CLASSES }, () => null));
    }
    return (this.bySubset[index]![placeOf(mode, statusClass)] = newTrafficCounts());
  }

  /** What there is, with what it is of. */
  *kinds(): Generator<{
    readonly subset: string;
    readonly mode: Mode;
    readonly statusClass: number;
    counts: TrafficCounts;
  }> {
    for (const [index, kinds] of this.bySubset.entries())
      for (const [place, counts] of kinds.entries()) {
        if (counts === null) continue;
        const mode = place < CLASSES ? 'live' : 'test';
        yield { subset: this.subsets[index] ?? '', mode, statusClass: place % CLASSES, counts };
      }
  }
}

function placeOf(mode: Mode, statusClass: number): number {
  return mode === 'live' ? statusClass : CLASSES + statusClass;
}

/** What was counted in a minute, each kind of call once: a catalogue that came meanwhile has entries of its own for the same operations. */
export function spansOf(startsAtMs: number, operations: Iterable<OperationTraffic>): TrafficSpan[] {
  type Kind = Omit<TrafficSpan, 'calls' | 'total' | 'upstream'>;
  const byKind = new Map<string, { readonly kind: Kind; readonly counts: TrafficCounts }>();
  for (const traffic of operations) {
    const { operation, version } = traffic.operation;
    for (const { counts, ...rest } of traffic.kinds()) {
      const kind: Kind = { apiVersionId: version.id, startsAtMs, operation, ...rest };
      const name = JSON.stringify([kind.apiVersionId, operation, kind.subset, kind.mode, kind.statusClass]);
      const known = byKind.get(name);
      if (!known) byKind.set(name, { kind, counts });
      else byKind.set(name, { kind, counts: sumOf(known.counts, counts) });
    }
  }
  return [...byKind.values()].map(({ kind, counts }) => ({
    ...kind,
    calls: counts[CALLS]!,
    total: sparseLatencies(counts, 0),
    upstream: sparseLatencies(counts, UPSTREAM),
  }));
}

/** Another array: the two may go on being counted into. */
function sumOf(left: TrafficCounts, right: TrafficCounts): TrafficCounts {
  return left.map((count, index) => count + right[index]!);
}
