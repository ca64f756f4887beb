const MAX_DEPTH = 8;
const MAX_VALUES = 200;
const MAX_TEXT = 1_000;

/**
 * The attributes of a reported event as one text, the same for whatever order their keys come in; or null for what is no
 * object of JSON, deeper than 8, of more than 200 values, or with a text of more than 1,000 characters.
 */
export function canonicalAttributes(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  let values = 0;
  const write = (part: unknown, depth: number): string | null => {
    if (++values > MAX_VALUES) return null;
    if (typeof part === 'string') return part.length <= MAX_TEXT ? JSON.stringify(part) : null;
    if (typeof part !== 'object' || part === null) return JSON.stringify(part) ?? null;
    if (depth === MAX_DEPTH) return null;
    const entries = Array.isArray(part)
      ? part.map((each) => write(each, depth + 1))
      : Object.entries(part)
          .toSorted(([left], [right]) => (left < right ? -1 : 1))
          .map(([key, each]) => {
            const written = key.length <= MAX_TEXT ? write(each, depth + 1) : null;
            return written === null ? null : `${JSON.stringify(key)}:${written}`;
          });
    if (entries.includes(null)) return null;
    return Array.isArray(part) ? `[${entries.join(',')}]` : `{${entries.join(',')}}`;
  };
  return write(value, 0);
}
