import { InvalidError } from '#domain';
import { shown } from '../import-report.js';
import type { InputPart } from '../input-part.js';

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/**
 * Milliseconds of a duration such as "2s", "500ms" or "1m30s"; undefined where there is none. What is outside of the bounds is
 * brought into them, and told. @throws InvalidError `import_invalid`
 */
export function durationIn(part: InputPart, key: string, bounds: { least: number; most: number }): number | undefined {
  const text = part.text(key);
  if (text === undefined) return undefined;
  if (!/^(\d{1,9}(\.\d{1,9})?(ms|[hms]))+$/.test(text))
    throw new InvalidError('import_invalid', `${part.at(key)}: expected a duration such as 2s, found ${shown(text)}.`);
  let sum = 0;
  for (const [, number, , unit] of text.matchAll(/(\d+(\.\d+)?)(ms|[hms])/g)) sum += Number(number) * UNITS[unit!]!;
  const durationMs = Math.min(bounds.most, Math.max(bounds.least, Math.round(sum)));
  if (durationMs !== sum) part.report.changed(part.at(key), `${shown(text)}: here it is ${durationMs} ms.`);
  return durationMs;
}
