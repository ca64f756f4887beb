import type { RefusedCalls } from '#domain';
import type { Refusal } from '../responses/refusal.js';
import type { OperationEntry } from '../snapshot/catalog.js';
import type { CredentialEntry } from '../snapshot/credential-store.js';

const HOUR_MS = 3_600_000;
/** Kinds of calls that are told apart at a time. */
const defaultMaxKinds = 2_000;

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
    const kind = `${version.id} ${credentialId} ${code} ${startsAtMs} ${operation}`;
    const known = this.counts.get(kind);
    if (known !== undefined) {
      known.calls.calls++;
      known.calls.lastAtMs = nowMs;
      return;
    }
    if (this.counts.size >= this.maxKinds) {
      this.lost++;
      return;
    }
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
    for (const { apiVersionId, credentialId, code, startsAtMs, operation, calls } of spans) {
      const kind = `${apiVersionId} ${credentialId} ${code} ${startsAtMs} ${operation}`;
      const count = this.counts.get(kind);
      if (count !== undefined) count.writtenCalls = calls;
    }
    for (const [kind, { calls, writtenCalls }] of this.counts)
      if (calls.startsAtMs + HOUR_MS <= nowMs && calls.calls === writtenCalls) this.counts.delete(kind);
  }
}
