import type { DecimalString } from '../catalog/plan-definition.js';
import { isUuid } from '../id/uuid-v7.js';
import { canonicalAttributes } from './report-attributes.js';
import { isMeterQuantity } from './usage-event.js';

/** The type of a CloudEvent that reports usage. */
export const REPORTED_USAGE_TYPE = 'tollgate.usage';

/** Usage that no gateway has seen, as its publisher reports it. */
export interface ReportedUsage {
  /** With `id` what the event is known by, however often it is sent. */
  readonly source: string;
  readonly id: string;
  /** When it was used; null for when it is received. */
  readonly atMs: number | null;
  /** Whose it is: the id of a subscription, or of an application, which upstreams are told with each call. */
  readonly subject: string;
  /** Slug of the product; null where the subject says enough. */
  readonly product: string | null;
  /** Units per meter slug, exact. */
  readonly quantities: Readonly<Record<string, DecimalString>>;
  /** What was done, in the words of the publisher. */
  readonly operation: string;
  readonly billable: boolean;
  /** What meters that count different values read; never stored. Null without any. */
  readonly attributes: Readonly<Record<string, unknown>> | null;
  /** The same as one text, whatever order its keys came in. */
  readonly attributesText: string | null;
}

/** What is wrong with an event, and where in it. */
export interface ReportFault {
  /** JSON pointer (RFC 6901) into the event. */
  readonly pointer: string;
  readonly message: string;
}

const MAX_ID = 255;
const MAX_METERS = 64;
const METER = /^[a-z0-9][a-z0-9._-]{0,99}$/i;
const CONTROL = /\p{Cc}/u;
/** RFC 3339 §5.6, with the zone that it demands. */
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/**
 * Reads a CloudEvent (specification 1.0.2, JSON format) that reports usage: `subject` is a subscription or an application, `data` has
 * `quantities` per meter as decimal texts or whole numbers, and may have `product`, `operation`, `billable` and `attributes`. Returns the
 * first fault when it is none.
 */
export function parseReportedUsage(value: unknown): ReportedUsage | ReportFault {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fault('', 'expected an object');
  const event = value as Readonly<Record<string, unknown>>;
  if (event.specversion !== '1.0') return fault('/specversion', 'expected "1.0"');
  if (event.type !== REPORTED_USAGE_TYPE) return fault('/type', `expected "${REPORTED_USAGE_TYPE}"`);
  if (!isText(event.id)) return fault('/id', `expected a text of 1 to ${MAX_ID} characters`);
  if (!isText(event.source)) return fault('/source', `expected a text of 1 to ${MAX_ID} characters`);
  if (typeof event.subject !== 'string' || !isUuid(event.subject))
    return fault('/subject', 'expected the id of a subscription or of an application');
  const atMs = event.time === undefined ? null : instantOf(event.time);
  if (Number.isNaN(atMs)) return fault('/time', 'expected an instant such as 2026-11-25T10:15:00Z');
  if (event.data_base64 !== undefined) return fault('/data_base64', 'expected JSON in "data" instead');
  const { data } = event;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return fault('/data', 'expected an object');
  const {
    quantities,
    product = null,
    operation = 'reported',
    billable = true,
    attributes,
    ...others
  } = data as Readonly<Record<string, unknown>>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return fault(`/data/${escapePointer(unknown)}`, 'not known here');
  if (product !== null && !isText(product)) return fault('/data/product', 'expected the slug of a product');
  if (!isText(operation)) return fault('/data/operation', `expected a text of 1 to ${MAX_ID} characters`);
  if (typeof billable !== 'boolean') return fault('/data/billable', 'expected true or false');
  const attributesText = attributes === undefined ? null : canonicalAttributes(attributes);
  if (attributes !== undefined && attributesText === null)
    return fault('/data/attributes', 'expected an object of at most 200 values, 8 levels and 1,000 characters a text');
  const read = readQuantities(quantities);
  if ('message' in read) return read;
  const { source, id, subject } = event as { source: string; id: string; subject: string };
  return {
    source,
    id,
    atMs,
    subject,
    product,
    quantities: read.quantities,
    operation,
    billable,
    attributes: attributesText === null ? null : (attributes as Record<string, unknown>),
    attributesText,
  };
}

/** True for what `parseReportedUsage` returns of an event that is none. */
export function isReportFault(result: ReportedUsage | ReportFault): result is ReportFault {
  return 'pointer' in result;
}

/** Wrapped, since a meter may be called as the fields of a fault are. */
function readQuantities(value: unknown): Pick<ReportedUsage, 'quantities'> | ReportFault {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return fault('/data/quantities', 'expected units per meter, such as {"tokens": "12"}');
  const entries = Object.entries(value);
  if (entries.length === 0 || entries.length > MAX_METERS)
    return fault('/data/quantities', `expected 1 to ${MAX_METERS} meters`);
  const quantities: Record<string, DecimalString> = {};
  for (const [meter, quantity] of entries) {
    const pointer = `/data/quantities/${escapePointer(meter)}`;
    if (!METER.test(meter)) return fault(pointer, 'this is no name of a meter');
    // A number with a fraction is not what was meant any more by the time that it is read.
    const text = Number.isSafeInteger(quantity) ? String(quantity) : quantity;
    if (!isMeterQuantity(text))
      return fault(pointer, 'expected a whole number, or a decimal as a text, that is not negative');
    quantities[meter] = text;
  }
  return { quantities };
}

function isText(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= MAX_ID &&
    !CONTROL.test(value) &&
    value.isWellFormed()
  );
}

function instantOf(time: unknown): number {
  return typeof time === 'string' && TIMESTAMP.test(time) ? Date.parse(time) : Number.NaN;
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function fault(pointer: string, message: string): ReportFault {
  return { pointer, message };
}
