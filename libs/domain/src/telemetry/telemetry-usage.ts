import { REPORTED_USAGE_TYPE } from '../usage/reported-usage.js';
import { type TelemetryAttributes, type TelemetryOrigin, fromEntries, jsonOfTelemetry } from './telemetry-value.js';

/** Names of attributes; the first two are OpenTelemetry's own. Of a subscription and an application one is enough, and the subscription counts. */
export const SERVICE_NAME = 'service.name';
export const RECORD_ID = 'log.record.uid';
export const SUBSCRIPTION_ID = 'tollgate.subscription.id';
export const APPLICATION_ID = 'tollgate.application.id';
export const PRODUCT = 'tollgate.product';
export const OPERATION = 'tollgate.operation';
export const BILLABLE = 'tollgate.billable';
export const QUANTITY_PREFIX = 'tollgate.quantity.';
export const ATTRIBUTE_PREFIX = 'tollgate.attributes.';

/** Where the fields of a CloudEvent come from, but for its data. */
const PLACES: Readonly<Record<string, string>> = {
  source: `resource attribute ${SERVICE_NAME}`,
  id: `attribute ${RECORD_ID}`,
  subject: `attribute ${SUBSCRIPTION_ID} or ${APPLICATION_ID}`,
  time: 'timeUnixNano',
};
const MAX_LEVELS = 8;
const CONFLICT = 'another attribute is the whole of this one, or a part of it';

/** What is wrong with a log record or a data point. */
export interface TelemetryFault {
  /** In the words of OpenTelemetry: "attribute tollgate.subscription.id". */
  readonly place: string;
  readonly message: string;
}

/** What a log record or a data point says of the usage that it reports. */
export interface TelemetryUsage {
  readonly origin: TelemetryOrigin;
  readonly attributes: TelemetryAttributes;
  /** Names it for ever together with its service. */
  readonly id: unknown;
  /** Nanoseconds since 1970; null for when it is received. */
  readonly timeUnixNano: bigint | null;
  /** Units per meter, as they came. */
  readonly quantities: Readonly<Record<string, unknown>>;
}

/**
 * The same as a CloudEvent, for `parseReportedUsage` to check, so that telemetry is read by the rules of every report.
 * A fault for attributes of which one is inside another that has no parts.
 */
export function cloudEventOf({
  origin,
  attributes,
  id,
  timeUnixNano,
  quantities,
}: TelemetryUsage): Readonly<Record<string, unknown>> | TelemetryFault {
  const own = ownAttributes(attributes);
  if (own !== null && 'place' in own) return own;
  return {
    specversion: '1.0',
    type: REPORTED_USAGE_TYPE,
    source: origin.resource.get(SERVICE_NAME),
    id,
    subject: attributes.get(SUBSCRIPTION_ID) ?? attributes.get(APPLICATION_ID),
    ...(timeUnixNano !== null && { time: new Date(Number(timeUnixNano / 1_000_000n)).toISOString() }),
    data: {
      quantities,
      ...(attributes.has(PRODUCT) && { product: attributes.get(PRODUCT) }),
      ...(attributes.has(OPERATION) && { operation: attributes.get(OPERATION) }),
      ...(attributes.has(BILLABLE) && { billable: attributes.get(BILLABLE) }),
      ...(own !== null && { attributes: own.tree }),
    },
  };
}

/** True for what a reader of telemetry returns of what reports no usage. */
export function isTelemetryFault(result: Readonly<Record<string, unknown>> | TelemetryFault): result is TelemetryFault {
  return 'place' in result;
}

/** Where a fault of the CloudEvent is in what it was made of. */
export function telemetryPlace(pointer: string): string {
  const [, first, second, ...rest] = pointer.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const own = PLACES[first ?? ''];
  if (own !== undefined) return own;
  if (second === 'quantities') return `attribute ${QUANTITY_PREFIX}${rest.join('/') || '<meter>'}`;
  if (second === 'attributes') return `attribute ${ATTRIBUTE_PREFIX}${rest.join('.') || '<name>'}`;
  return `attribute tollgate.${second ?? ''}`;
}

type Tree = { [key: string]: unknown };

/** `tollgate.attributes.user.id` is `{"user": {"id": …}}`; null for none. */
function ownAttributes(attributes: TelemetryAttributes): { readonly tree: Tree } | TelemetryFault | null {
  const named = [...attributes].filter(([name]) => name.startsWith(ATTRIBUTE_PREFIX));
  if (named.length === 0) return null;
  const tree: Tree = fromEntries([]);
  const inner = new Set<unknown>([tree]);
  for (const [name, value] of named) {
    const parts = name.slice(ATTRIBUTE_PREFIX.length).split('.', MAX_LEVELS + 1);
    if (parts.length > MAX_LEVELS) return fault(name, `expected at most ${MAX_LEVELS} levels`);
    const last = parts.pop()!;
    let at = tree;
    for (const part of parts) {
      const next = (at[part] ??= newInner(inner)) as Tree;
      if (!inner.has(next)) return fault(name, CONFLICT);
      at = next;
    }
    if (last in at) return fault(name, CONFLICT);
    at[last] = jsonOfTelemetry(value);
  }
  return { tree };
}

function newInner(inner: Set<unknown>): Tree {
  const made: Tree = fromEntries([]);
  inner.add(made);
  return made;
}

function fault(name: string, message: string): TelemetryFault {
  return { place: `attribute ${name}`, message };
}
