import type { RefusedCalls } from '#domain';
import type { Refusal } from '../responses/refusal.js';
import type { OperationEntry } from '../snapshot/catalog.js';
import type { CredentialEntry } from '../snapshot/credential-store.js';

const HOUR_MS = 3_600_000;
/** Kinds of calls that are told apart at a time. */
const defaultMaxKinds = 2_000;
/** No caller takes more of them, nor do all that nobody knows together: one cannot hide what is refused to others. */
const shareOfCaller = 0.25;

type Writable<Of> = { -readonly [Field in keyof Of]: Of[Field] };

interface Count {
  readonly calls: Writable<RefusedCalls>;
  writtenCalls: number;
}

/**
 * Counts refused calls by the hour, by operation, key and code, so that callers and publishers can see why calls are
 * refused. The memory that it takes has a bound, as anybody can be refused.
 */
export class RefusalRecorder {
  private readonly counts = new Map<string, Count>();
  /** How many kinds each caller has. */
  private readonly kindsOf = new Map<string | null, number>();
  /** Calls that nobody will see, as they were of kinds beyond the most that are told apart. */
  lost = 0;

  constructor(private readonly maxKinds = defaultMaxKinds) {}

  /** `caller`: null where it is not known. */
  count(
    { version, operation }: OperationEntry,
    caller: CredentialEntry | null,
    { code, status }: Refusal,
    nowMs: number,
  ): void {
    const startsAtMs = nowMs - (nowMs % HOUR_MS);
    const credentialId = caller?.id ?? null;
    const kind = kindOf({ apiVersionId: version.id, credentialId, code, startsAtMs, operation });
    const known = this.counts.get(kind);
    if (known !== undefined) {
      known.calls.calls++;
      known.calls.lastAtMs = nowMs;
      return;
    }
    const kinds = this.kindsOf.get(credentialId) ?? 0;
    if (this.counts.size >= this.maxKinds || kinds >= this.maxKinds * shareOfCaller) {
      this.lost++;
      return;
    }
    this.kindsOf.set(credentialId, kinds + 1);
    const applicationId = caller?.applicationId ?? null;
    const mode = caller?.mode ?? null;
    const of = { apiVersionId: version.id, startsAtMs, operation, applicationId, credentialId, mode, code, status };
    this.counts.set(kind, { calls: { ...of, calls: 1, lastAtMs: nowMs }, writtenCalls: 0 });
  }

  /** What has changed since it was written, as it is now. */
  unwritten(): readonly RefusedCalls[] {
    const changed = [...this.counts.values()].filter(({ calls, writtenCalls }) => calls.calls > writtenCalls);
    return changed.map(({ calls }) => ({ ...calls }));
  }

  /** They are written. What is of an hour that is over, and has not changed meanwhile, is forgotten. */
  written(spans: readonly RefusedCalls[], nowMs: number): void {
    for (const span of spans) {
      const count = this.counts.get(kindOf(span));
      if (count !== undefined) count.writtenCalls = span.calls;
    }
    for (const [kind, { calls, writtenCalls }] of this.counts)
      if (calls.startsAtMs + HOUR_MS <= nowMs && calls.calls === writtenCalls) this.forget(kind, calls);
  }

  private forget(kind: string, { credentialId }: RefusedCalls): void {
    this.counts.delete(kind);
    const kinds = this.kindsOf.get(credentialId)! - 1;
    if (kinds === 0) this.kindsOf.delete(credentialId);
    else this.kindsOf.set(credentialId, kinds);
  }
}

/** What tells a kind of calls from all others: an operation may hold anything, so it comes last. */
function kindOf({
  apiVersionId,
  credentialId,
  code,
  startsAtMs,
  operation,
}: Pick<RefusedCalls, 'apiVersionId' | 'credentialId' | 'code' | 'startsAtMs' | 'operation'>): string {
  return `${apiVersionId} ${credentialId} ${code} ${startsAtMs} ${operation}`;
}
