declare global {
  /** ECMAScript's "JSON.parse source text access", which TypeScript's library does not have yet. */
  interface JSON {
    rawJSON(text: string): unknown;
    isRawJSON(value: unknown): boolean;
  }
}

/** Sixteen characters of a number in a row: more digits than a JavaScript number keeps may be among them. */
const MAYBE_LONG_NUMBER = /[\d.]{16}/;

/**
 * The value of a JSON text in UTF-8; `undefined` for what is none. Numbers with more digits than a JavaScript number
 * keeps are kept as they are written, for `jsonText` to write them so again.
 */
export function parseJson(text: string): unknown {
  try {
    return MAYBE_LONG_NUMBER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function jsonText(value: unknown): string {
  return JSON.stringify(value);
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined || String(value) === context.source) return value;
  return JSON.rawJSON(context.source);
}
