import type { ApiVersionEntry } from '../snapshot/catalog.js';
import { DurationHistogram } from './duration-histogram.js';

/** Subsets beyond so many are counted together. */
const maxSubsets = 1_000;

interface SubsetCounts {
  /** As they are in the text, without braces. */
  readonly labels: string;
  /** How many answers of each class of status: 2xx at 2. */
  readonly byStatus: Float64Array;
  readonly durations: DurationHistogram;
}

const REQUESTS = 'tollgate_gateway_subset_requests_total';
const SECONDS = 'tollgate_gateway_subset_upstream_seconds';

/** How the subsets of upstreams do, beside each other: by this a canary is judged. */
export class SubsetMetrics {
  private readonly bySubset = new Map<string, SubsetCounts>();

  /** A call that a subset was chosen for has ended; `upstreamMs` is null when no head of an answer came. */
  count(version: ApiVersionEntry, subset: string, status: number, upstreamMs: number | null): void {
    const { byStatus, durations } = this.bySubset.get(`${version.id} ${subset}`) ?? this.countsFor(version, subset);
    byStatus[Math.floor(status / 100)]! += 1;
    if (upstreamMs !== null) durations.observe(upstreamMs);
  }

  /** In the text format of Prometheus; empty where there are no subsets. */
  text(): string {
    const subsets = [...this.bySubset.values()];
    if (subsets.length === 0) return '';
    const requests = subsets.flatMap(({ labels, byStatus }) =>
      [...byStatus].flatMap((count, index) =>
        count === 0 ? [] : `${REQUESTS}{${labels},status="${index}xx"} ${count}`,
      ),
    );
    return [
      `# HELP ${REQUESTS} Calls that a subset of an upstream was asked for, by class of status.`,
      `# TYPE ${REQUESTS} counter`,
      ...requests,
      `# HELP ${SECONDS} Time from sending a request to the head of the answer, by subset.`,
      `# TYPE ${SECONDS} histogram`,
      ...subsets.flatMap(({ labels, durations }) => durations.series(labels)),
      '',
    ].join('\n');
  }

  private countsFor({ id, basePath }: ApiVersionEntry, subset: string): SubsetCounts {
    const isRoom = this.bySubset.size < maxSubsets;
    const key = isRoom ? `${id} ${subset}` : 'other';
    const known = this.bySubset.get(key);
    if (known) return known;
    const [version, path, name] = isRoom ? [id, basePath, subset] : [key, key, key];
    const counts = {
      // None of them has a character that would have to be escaped.
      labels: `api_version="${version}",base_path="${path}",subset="${name}"`,
      byStatus: new Float64Array(6),
      durations: new DurationHistogram(SECONDS, ''),
    };
    this.bySubset.set(key, counts);
    return counts;
  }
}
