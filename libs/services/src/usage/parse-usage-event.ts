import { type EventCaller, type UsageEvent, isMeterQuantity, isUuid, isValueHash } from '#domain';
import { type KnownCaller, findKnownCaller, rememberCaller } from './known-callers.js';

const MAX_TEXT_LENGTH = 2_000;
const MAX_METERS = 64;
/** The manifest keeps two bytes for it. */
const MAX_SEQ = 0xffff;
const MAX_SMALLINT = 32_767;
/** 9999-12-31: what a time in milliseconds must not exceed. */
const MAX_TIME_MS = 253_402_300_799_999;
/** Control characters separate the fields of an event's canonical form, so no field may hold one. */
const CONTROL = /\p{Cc}/u;
const METER = /^[a-z0-9][a-z0-9._-]{0,99}$/i;
const WORD = /^[a-z0-9_]{1,60}$/;

/**
 * The value as a usage event of that gateway, with exactly the fields of one; or why it is none, in words.
 * Nothing that it lets through can make the ledger's transaction fail.
 */
export function parseUsageEvent(value: unknown, gatewayId: string): UsageEvent | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not an object';
  const event = value as UsageEvent;
  for (const [field, isValid] of checks) {
    if (!isValid(event[field])) return `${field} is missing or malformed`;
  }
  if (event.gatewayId !== gatewayId) return 'gatewayId is not that of the journal';
  const caller = findKnownCaller(event) ?? checkCaller(event);
  if (typeof caller === 'string') return caller;
  if (event.mode === 'test' && event.billable) return 'billable in test mode';
  const parsed: Writable<UsageEvent> = {
    id: event.id,
    seq: event.seq,
    endedAtMs: event.endedAtMs,
    gatewayId: event.gatewayId,
    mode: caller.mode,
    organizationId: caller.organizationId,
    applicationId: caller.applicationId,
    credentialId: caller.credentialId,
    subscriptionId: caller.subscriptionId,
    phaseId: caller.phaseId,
    planVersionId: caller.planVersionId,
    periodStartMs: caller.periodStartMs,
    apiProductId: caller.apiProductId,
    apiVersionId: caller.apiVersionId,
    operation: event.operation,
    method: event.method,
    status: event.status,
    outcome: event.outcome,
    reason: event.reason,
    attempts: event.attempts,
    bytesIn: event.bytesIn,
    bytesOut: event.bytesOut,
    quantities: event.quantities,
    billable: event.billable,
    countsToQuota: event.countsToQuota,
  };
  if (event.estimated) parsed.estimated = true;
  if (event.overrun) parsed.overrun = event.overrun;
  if (event.distinctValues) parsed.distinctValues = event.distinctValues;
  return parsed;
}

/** The caller, which is known from now on; or what is wrong with it. */
function checkCaller(event: UsageEvent): KnownCaller | string {
  for (const [field, isValid] of callerChecks) {
    if (!isValid(event[field])) return `${field} is missing or malformed`;
  }
  const expectsSubscription = event.mode === 'live';
  for (const field of ['subscriptionId', 'phaseId', 'planVersionId', 'periodStartMs'] as const) {
    if ((event[field] !== null) !== expectsSubscription) return `${field} does not fit mode ${event.mode}`;
  }
  return rememberCaller(event);
}

type Writable<Type> = { -readonly [Field in keyof Type]: Type[Field] };

const uuid = (value: unknown) => typeof value === 'string' && isUuid(value);
const uuidOrNull = (value: unknown) => value === null || uuid(value);
const integer = (lowest: number, highest: number) => (value: unknown) =>
  Number.isSafeInteger(value) && (value as number) >= lowest && (value as number) <= highest;
const time = integer(0, MAX_TIME_MS);
const count = integer(0, Number.MAX_SAFE_INTEGER);
const word = (value: unknown) => typeof value === 'string' && WORD.test(value);
const flag = (value: unknown) => typeof value === 'boolean';
const text = (value: unknown) =>
  typeof value === 'string' &&
  value.length > 0 &&
  value.length <= MAX_TEXT_LENGTH &&
  !CONTROL.test(value) &&
  value.isWellFormed();

const callerChecks: readonly (readonly [keyof EventCaller, (value: unknown) => boolean])[] = [
  ['mode', (value) => value === 'live' || value === 'test'],
  ['organizationId', uuid],
  ['applicationId', uuid],
  ['credentialId', uuid],
  ['subscriptionId', uuidOrNull],
  ['phaseId', uuidOrNull],
  ['planVersionId', uuidOrNull],
  ['periodStartMs', (value) => value === null || time(value)],
  ['apiProductId', uuid],
  ['apiVersionId', uuid],
];

const checks: readonly (readonly [keyof UsageEvent, (value: unknown) => boolean])[] = [
  ['id', (value) => uuid(value) && (value as string)[14] === '7'],
  ['seq', integer(0, MAX_SEQ)],
  ['endedAtMs', time],
  ['gatewayId', text],
  ['operation', text],
  ['method', text],
  ['status', integer(100, 999)],
  ['outcome', word],
  ['reason', word],
  ['attempts', integer(0, MAX_SMALLINT)],
  ['bytesIn', count],
  ['bytesOut', count],
  ['quantities', isQuantities],
  ['billable', flag],
  ['countsToQuota', flag],
  ['estimated', (value) => value === undefined || flag(value)],
  ['overrun', (value) => value === undefined || isQuantities(value)],
  ['distinctValues', (value) => value === undefined || isPerMeter(value, isValueHash)],
];

function isQuantities(value: unknown): boolean {
  return isPerMeter(value, isMeterQuantity);
}

function isPerMeter(value: unknown, isValid: (value: unknown) => boolean): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return entries.length <= MAX_METERS && entries.every(([meter, each]) => METER.test(meter) && isValid(each));
}
