import { RE2JS } from 're2js';

/** Longer patterns are no patterns that somebody wrote. */
const maxLength = 1_000;

/**
 * A pattern of a JSON Schema on an engine whose time is linear in the text, whatever the pattern: the syntax of ECMA-262
 * without look-around and back references. Null for what the engine does not have.
 */
export function linearPattern(pattern: string): RE2JS | null {
  if (pattern.length > maxLength) return null;
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern));
  } catch {
    return null;
  }
}
