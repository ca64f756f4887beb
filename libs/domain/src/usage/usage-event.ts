import type { DecimalString } from '../catalog/plan-definition.js';
import { isDecimal } from '../money/decimal.js';

/** `live` usage is billed; `test` usage never is (a database constraint says so). */
export type Mode = 'live' | 'test';

/**
 * How an admitted request ended. `checkpoint`: it goes on, and this is what it has counted since the one before.
 * `interrupted`: the gateway died under it. `cut_at_maximum`: the answer was longer than what was reserved for it.
 * `circuit_open`: the upstream was given a rest, and the request not sent. `mocked`: the answer came from the document.
 */
export const OUTCOMES = [
  'delivered',
  'client_aborted',
  'upstream_refused',
  'upstream_timeout',
  'upstream_broke',
  'circuit_open',
  'body_too_large',
  'cut_at_maximum',
  'mocked',
  'cache_hit',
  'replayed',
  'checkpoint',
  'interrupted',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * The one final record of an admitted request (invariant I1), keyed (id, seq). The id is a UUIDv7 minted once in the
 * gateway; its time is the instant of admission, which decides the period. Written to the gateway's journal before the
 * last byte of the response leaves.
 */
export interface UsageEvent {
  readonly id: string;
  /** 0 for the only event of a plain request. */
  readonly seq: number;
  readonly endedAtMs: number;
  readonly gatewayId: string;
  readonly mode: Mode;
  readonly organizationId: string;
  readonly applicationId: string;
  readonly credentialId: string;
  /** Null in test mode, as are the phase, the plan version and the period. */
  readonly subscriptionId: string | null;
  readonly phaseId: string | null;
  readonly planVersionId: string | null;
  readonly periodStartMs: number | null;
  readonly apiProductId: string;
  readonly apiVersionId: string;
  /** The operation id of the matched operation, else "METHOD /template". */
  readonly operation: string;
  readonly method: string;
  /** The status that the client got. */
  readonly status: number;
  readonly outcome: Outcome;
  /** Why it is billable or not, in a word: "ok", "upstream_4xx", … */
  readonly reason: string;
  readonly attempts: number;
  /** Payload after transfer decoding, before content decoding, headers excluded. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Units per meter slug, exact decimals; what the request used, whether billable or not. */
  readonly quantities: Readonly<Record<string, DecimalString>>;
  readonly billable: boolean;
  readonly countsToQuota: boolean;
  /** A quantity is the declared maximum because the answer did not say the real one. Absent from older journals. */
  readonly estimated?: boolean | undefined;
  /** Units per meter slug above the declared maximum: not in `quantities`, never billed. Absent when there are none. */
  readonly overrun?: Readonly<Record<string, DecimalString>> | undefined;
  /** The `valueHash` of what it adds to meters that count different values, by their slug. Absent when there are none. */
  readonly distinctValues?: Readonly<Record<string, string>> | undefined;
}

const SMALL_INTEGER = /^(0|[1-9]\d{0,8})$/;
/** Small enough for the sum of any number of events to fit its column. */
const MAX_INTEGER_DIGITS = 15;

/** True for what an event may count into a meter: a decimal, not negative, with at most 15 digits before the point. */
export function isMeterQuantity(value: unknown): value is DecimalString {
  if (typeof value !== 'string') return false;
  return SMALL_INTEGER.test(value) || (isDecimal(value) && value.replace(/\..*/, '').length <= MAX_INTEGER_DIGITS);
}
