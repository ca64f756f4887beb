/** Where a request stands in a trace (W3C Trace Context). */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** Our own span, the parent of what the upstream does. */
  readonly spanId: string;
  /** The caller's span; null when the trace begins here. */
  readonly parentSpanId: string | null;
  /** Bit 0: the caller, or we when there is none, may record the trace. */
  readonly flags: number;
  /** What other tracing systems have to say of it, within the bounds of the specification; null without. */
  readonly state: string | null;
}

/** Version, trace id, parent id, flags; a later version may have more behind a hyphen. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/** §3.3.1.1 and §3.3.1.5 of the specification: 32 members; we pass on 512 characters, as every platform must. */
const maxMembers = 32;
const maxStateLength = 512;
const longMember = 128;
const MEMBER = /^[a-z0-9][a-z0-9_*/@-]{0,255}=[\x21-\x2b\x2d-\x3c\x3e-\x7e\x20]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/** The flag `sampled`. */
export const SAMPLED = 1;

export interface TraceIds {
  /** 32 hexadecimal digits that are not all zero. */
  traceId(): string;
  /** 16 of them. */
  spanId(): string;
}

/**
 * The context of a request by its header fields. What is not as the specification says, or there more than once, counts
 * as not there: then a new trace begins, without a state and with the flags that `flagsOf` gives it.
 */
export function traceContext(
  rawHeaders: readonly string[],
  ids: TraceIds,
  flagsOf: (newTraceId: string) => number,
): TraceContext {
  let parent: string | null = null;
  let isRepeated = false;
  let state = '';
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.length === 11 && name.toLowerCase() === 'traceparent') {
      isRepeated = parent !== null;
      parent = rawHeaders[index + 1]!;
    } else if (name.length === 10 && name.toLowerCase() === 'tracestate') {
      state += `${state && ','}${rawHeaders[index + 1]}`;
    }
  }
  const spanId = ids.spanId();
  const match = parent === null || isRepeated ? null : TRACEPARENT.exec(parent);
  if (!match || !isSound(match)) {
    const newTraceId = ids.traceId();
    return { traceId: newTraceId, spanId, parentSpanId: null, flags: flagsOf(newTraceId), state: null };
  }
  const [, , traceId, parentSpanId, flags] = match;
  return {
    traceId: traceId!,
    spanId,
    parentSpanId: parentSpanId!,
    flags: Number.parseInt(flags!, 16) & SAMPLED,
    state: state === '' ? null : boundedState(state),
  };
}

/** The field for the upstream: we speak version 00 whatever the caller speaks. */
export function traceparent({ traceId, spanId, flags }: TraceContext): string {
  return `00-${traceId}-${spanId}-0${flags}`;
}

function isSound([, version, traceId, spanId, , more]: RegExpExecArray): boolean {
  if (version === 'ff' || traceId === NO_TRACE || spanId === NO_SPAN) return false;
  return version !== '00' || more === undefined;
}

/**
 * A list within the bounds: null when it is malformed or has a key twice. Too long, it loses members of more than 128
 * characters first, then those at its end, which are the oldest.
 */
function boundedState(state: string): string | null {
  const members = state
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
  const keys = new Set(members.map((member) => member.slice(0, member.indexOf('='))));
  if (members.length > maxMembers || keys.size !== members.length) return null;
  if (!members.every((member) => MEMBER.test(member))) return null;
  let kept = members;
  if (lengthOf(kept) > maxStateLength) kept = kept.filter((member) => member.length <= longMember);
  while (lengthOf(kept) > maxStateLength) kept = kept.slice(0, -1);
  return kept.length === 0 ? null : kept.join(',');
}

function lengthOf(members: readonly string[]): number {
  return members.reduce((sum, member) => sum + member.length + 1, -1);
}
