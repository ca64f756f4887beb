import type { Format } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';

/** Longer texts have none of these formats; the bound also bounds the time that a check takes. */
const maxLength = 1_000;
const TEXT_FORMATS = 'date date-time time duration email hostname ipv4 ipv6 uri uri-reference uuid json-pointer';

/** The formats that are checked (OpenAPI's registry and JSON Schema's vocabulary); all others say nothing. */
export const formats: Readonly<Record<string, Format>> = {
  ...Object.fromEntries(TEXT_FORMATS.split(' ').map((name) => [name, textFormat(formatNamed(name))])),
  int32: { type: 'number', validate: (value: number) => Number.isInteger(value) && Math.abs(value + 0.5) <= 2 ** 31 },
  int64: { type: 'number', validate: (value: number) => Number.isInteger(value) },
};

function textFormat(format: unknown): (text: string) => boolean {
  const validate = isChecker(format) ? format : (format as { validate: unknown }).validate;
  if (!isChecker(validate)) throw new TypeError('the library has another form of formats');
  return (text) => text.length <= maxLength && (validate instanceof RegExp ? validate.test(text) : validate(text));
}

function isChecker(value: unknown): value is RegExp | ((text: string) => boolean) {
  return value instanceof RegExp || typeof value === 'function';
}

function formatNamed(name: string): unknown {
  return (fullFormats as Readonly<Record<string, unknown>>)[name];
}
