import { knownFieldName } from './field-names.js';

export const CR = 13;
export const LF = 10;
const SPACE = 32;
const COLON = 58;

/** By character: what may be in a field name (RFC 9110 §5.6.2), and what of ASCII in a field value (§5.5). */
const IN_NAME = 1;
const IN_VALUE = 2;
const KINDS = new Uint8Array(256);
for (const letter of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~")
  KINDS[letter.charCodeAt(0)]! |= IN_NAME;
for (let code = SPACE; code < 127; code++) KINDS[code]! |= IN_VALUE;

/** A field line that was read: filled in by `readFieldLine`, so that none is made for each. */
export interface FieldLine {
  /** As it was sent. */
  name: string;
  lowerCaseName: string;
  value: string;
}

export function newFieldLine(): FieldLine {
  return { name: '', lowerCaseName: '', value: '' };
}

/**
 * Reads the field line that begins at `at`, and returns where the next one does; -1 when it is not plain: whole, as
 * RFC 9112 §5 writes it, in printable ASCII, with at most one blank ahead of the value and none around it otherwise.
 */
export function readFieldLine(text: string, at: number, into: FieldLine): number {
  let end = at;
  while ((KINDS[text.charCodeAt(end)]! & IN_NAME) !== 0) end++;
  if (end === at || text.charCodeAt(end) !== COLON) return -1;
  const valueAt = text.charCodeAt(end + 1) === SPACE ? end + 2 : end + 1;
  const valueEnd = endOfText(text, valueAt);
  if (text.charCodeAt(valueEnd) !== CR || text.charCodeAt(valueEnd + 1) !== LF) return -1;
  const isBlankAround = text.charCodeAt(valueAt) === SPACE || text.charCodeAt(valueEnd - 1) === SPACE;
  if (valueEnd > valueAt && isBlankAround) return -1;
  const known = knownFieldName(text, at, end);
  into.name = known === null ? text.slice(at, end) : known.name;
  into.lowerCaseName = known === null ? into.name.toLowerCase() : known.lowerCaseName;
  into.value = text.slice(valueAt, valueEnd);
  return valueEnd + 2;
}

/** Where printable ASCII ends that begins at `at`. */
export function endOfText(text: string, at: number): number {
  while ((KINDS[text.charCodeAt(at)]! & IN_VALUE) !== 0) at++;
  return at;
}
