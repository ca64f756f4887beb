import { expect, it } from 'vitest';
import { parseDuration } from './duration.js';

it.each([
  ['0', 0],
  ['90s', 90],
  ['30m', 1_800],
  ['24h', 86_400],
  ['30d', 2_592_000],
])('reads %s as %i seconds', (text, seconds) => {
  expect(parseDuration(text, '--overlap')).toBe(seconds);
});

it.each(['', '5', '-1h', '1.5h', '1w', 'h'])('refuses "%s"', (text) => {
  expect(() => parseDuration(text, '--overlap')).toThrow(/expected a duration/);
});
