declare global {
  /** ECMAScript's "JSON.parse source text access", which TypeScript's library does not have yet. */
  interface JSON {
    rawJSON(text: string): unknown;
    isRawJSON(value: unknown): boolean;
  }
}

/** Sixteen characters of a number in a row: more digits than a JavaScript number keeps may be among them. */
const MAYBE_LONG_NUMBER = /[\d.]{16}/;
/** What is nested deeper would go as deep into the stack when it is checked or written again. */
const maxNesting = 500;
const [QUOTE, BACKSLASH] = [34, 92];

/**
 * The value of a JSON text in UTF-8; `undefined` for what is none, or is nested more than 500 levels deep. Numbers with more digits than a JavaScript number
 * keeps are kept as they are written, for `jsonText` to write them so again.
 */
export function parseJson(text: string): unknown {
  if (isNestedDeeper(text, maxNesting)) return undefined;
  try {
    return MAYBE_LONG_NUMBER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function jsonText(value: unknown): string {
  return JSON.stringify(value);
}

function isNestedDeeper(text: string, levels: number): boolean {
  if (text.length <= levels) return false;
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (isInString) {
      if (code === BACKSLASH) index++;
      else if (code === QUOTE) isInString = false;
      continue;
    }
    // Of brackets and braces, the bit of 32 is not looked at: "[" and "{", "]" and "}" differ by it.
    if (code === QUOTE) isInString = true;
    else if ((code | 32) === 123 && ++depth > levels) return true;
    else if ((code | 32) === 125) depth--;
  }
  return false;
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined || String(value) === context.source) return value;
  return JSON.rawJSON(context.source);
}
