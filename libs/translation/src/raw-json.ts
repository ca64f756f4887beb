declare global {
  /** ECMAScript's "JSON.parse source text access", which TypeScript's library does not have yet. */
  interface JSON {
    rawJSON(text: string): unknown;
    isRawJSON(value: unknown): boolean;
  }
}

/** The text of a number that is kept as it was written; null for every other value. */
export function rawText(value: unknown): string | null {
  return JSON.isRawJSON(value) ? (value as { readonly rawJSON: string }).rawJSON : null;
}
