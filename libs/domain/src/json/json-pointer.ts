import { parseJsonPointer } from '../transformation/json-pointer.js';

/** The reference tokens of a JSON pointer, unescaped. */
export type JsonPointer = readonly string[];

/** A JSON pointer (RFC 6901), such as "/usage/total_tokens"; null when the text is none. "" is the whole document. */
export function readJsonPointer(text: string): JsonPointer | null {
  const tokens = parseJsonPointer(text);
  return typeof tokens === 'string' ? null : tokens;
}

/** What is at the pointer in a parsed document; undefined when there is nothing. */
export function valueAtPointer(document: unknown, pointer: JsonPointer): unknown {
  let value = document;
  for (const token of pointer) {
    if (Array.isArray(value)) {
      if (!/^(0|[1-9]\d*)$/.test(token)) return undefined;
      value = value[Number(token)];
    } else if (typeof value === 'object' && value !== null && Object.hasOwn(value, token)) {
      value = (value as Record<string, unknown>)[token];
    } else {
      return undefined;
    }
  }
  return value;
}
