interface TextFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * Where in what a request says there are characters that the database cannot keep: U+0000, or half of a surrogate pair, in a value
 * or in the name of one.
 */
export function unstorableTextIn(value: unknown): readonly TextFault[] {
  const faults: TextFault[] = [];
  const waiting: Part[] = [{ value, key: '', in: null }];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (typeof part.value === 'string') {
      if (!isStorable(part.value)) faults.push({ path: pathOf(part), message: `expected text ${STORABLE}` });
    } else if (Array.isArray(part.value) || isPlainObject(part.value)) {
      for (const [key, found] of Object.entries(part.value)) {
        if (isStorable(key)) waiting.push({ value: found, key, in: part });
        else faults.push({ path: pathOf(part), message: `expected names ${STORABLE}` });
      }
    }
  }
  return faults;
}

const STORABLE = 'without the character U+0000, in whole characters';

/** A value and where it is, without a path of its own for each, so that depth costs no more than width. */
interface Part {
  readonly value: unknown;
  readonly key: string;
  readonly in: Part | null;
}

function pathOf(part: Part): readonly string[] {
  const keys: string[] = [];
  for (let at: Part = part; at.in !== null; at = at.in) keys.unshift(at.key);
  return keys;
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value) as never)
  );
}
