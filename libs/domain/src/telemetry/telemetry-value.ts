/** A value of OpenTelemetry, as its wire forms are read: 64-bit integers are bigints, bytes are base64. */
export type TelemetryValue =
  | string
  | boolean
  | number
  | bigint
  | null
  | readonly TelemetryValue[]
  | { readonly [key: string]: TelemetryValue };

/** Attributes of a resource, a scope, a log record or a data point, by their names. */
export type TelemetryAttributes = ReadonlyMap<string, TelemetryValue>;

/** Who has sent a log record or a data point: the resource, and the instrumentation scope within it. */
export interface TelemetryOrigin {
  readonly resource: TelemetryAttributes;
  readonly scope: {
    readonly name: string;
    readonly version: string;
    readonly attributes: TelemetryAttributes;
  };
}

/**
 * Attributes as one text: the same for whatever order they come in, and another one for a text, an integer and a floating-point number
 * that look alike, since OpenTelemetry tells streams apart by them.
 */
export function canonicalTelemetry(attributes: TelemetryAttributes): string {
  return writeEntries([...attributes]);
}

function write(value: TelemetryValue): string {
  if (typeof value === 'bigint') return `i${value}`;
  if (typeof value === 'number') return `d${value}`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(write).join(',')}]`;
  return writeEntries(Object.entries(value));
}

function writeEntries(entries: readonly (readonly [string, TelemetryValue])[]): string {
  const sorted = entries.toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${sorted.map(([key, value]) => `${JSON.stringify(key)}:${write(value)}`).join(',')}}`;
}

/** As JSON has it: an integer that no number of JavaScript holds becomes a text. */
export function jsonOfTelemetry(value: TelemetryValue): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map(jsonOfTelemetry);
  return fromEntries(Object.entries(value).map(([key, each]) => [key, jsonOfTelemetry(each)] as const));
}

/** An object that has these entries and nothing else, whatever they are called. */
export function fromEntries<Value>(entries: Iterable<readonly [string, Value]>): Record<string, Value> {
  const result = Object.create(null) as Record<string, Value>;
  for (const [key, value] of entries) result[key] = value;
  return result;
}

function isList(value: object): value is readonly TelemetryValue[] {
  return Array.isArray(value);
}
