import { SECRET_FIELD } from '../door-secret.js';

/** Fields of the question itself, or of its connection: not the caller's. */
const OF_QUESTION = new Set(['connection', 'keep-alive', 'content-length', 'transfer-encoding', SECRET_FIELD]);

/** The caller's fields, without those of the question and without `names`, in lower case. */
export function callersFields(rawHeaders: readonly string[], names: ReadonlySet<string> = OF_QUESTION): string[] {
  const fields: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase();
    if (!OF_QUESTION.has(name) && !names.has(name)) fields.push(name, rawHeaders[index + 1]!);
  }
  return fields;
}

/** The only value of a field; null when there is none, or several: then nobody knows who has written which. */
export function soleField(rawHeaders: readonly string[], lowerCaseName: string): string | null {
  let value: string | null = null;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]!.toLowerCase() !== lowerCaseName) continue;
    if (value !== null) return null;
    value = rawHeaders[index + 1]!;
  }
  return value;
}
