import type { HeaderMatch } from '#domain';
import { linearPattern } from '#openapi';

/** What a header field must be, as requests are held against it. */
export interface HeaderTest {
  /** In lower case. */
  readonly name: string;
  /** What one of its values must pass. */
  readonly accepts: (value: string) => boolean;
  /** The field must be absent. */
  readonly isAbsent: boolean;
}

export function compileHeaderTest(name: string, match: HeaderMatch): HeaderTest {
  return { name: name.toLowerCase(), accepts: acceptorOf(match), isAbsent: match.present === false };
}

function acceptorOf({ exact, prefix, regex }: HeaderMatch): (value: string) => boolean {
  if (exact !== undefined) return (value) => value === exact;
  if (prefix !== undefined) return (value) => value.startsWith(prefix);
  if (regex === undefined) return () => true;
  const pattern = linearPattern(regex);
  return (value) => pattern !== null && pattern.matches(value);
}

/** Whether the fields of a request, as name, value, name, value, pass: one value of several is enough. */
export function passesHeaderTest({ name, accepts, isAbsent }: HeaderTest, rawHeaders: readonly string[]): boolean {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const field = rawHeaders[index]!;
    if (field.length !== name.length || field.toLowerCase() !== name) continue;
    if (isAbsent) return false;
    if (accepts(rawHeaders[index + 1]!)) return true;
  }
  return isAbsent;
}
