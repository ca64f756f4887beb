import { describe, expect, it } from 'vitest';
import { organizationWord, parseInstantFrom, subscriptionId } from './arguments.js';

describe('the id before the options', () => {
  const id = '019b2f10-5a3c-7c10-8f2e-0123456789ab';

  it('is taken in either case', () => {
    expect(subscriptionId(id.toUpperCase())).toBe(id);
  });

  it('is refused before the database sees it when it is none', () => {
    for (const word of [undefined, '--json', '-'.repeat(36), id.slice(1)]) {
      expect(() => subscriptionId(word)).toThrow('expected the id of a subscription');
    }
  });
});

describe('the word before the options', () => {
  it('is what an organization is called', () => {
    expect(organizationWord('Wayfarer Travel')).toBe('Wayfarer Travel');
  });

  it('is refused when it is missing, empty or an option', () => {
    for (const word of [undefined, ' ', '--reason'])
      expect(() => organizationWord(word)).toThrow('the slug, name or id of an organization is needed');
  });
});

describe('an instant or a duration from now', () => {
  const now = new Date('2026-11-27T10:00:00Z');
  const of = (text: string) => parseInstantFrom(text, '--at')(now).toISOString();

  it('is the instant, or so much later than now', () => {
    expect(of('2026-12-01')).toBe('2026-12-01T00:00:00.000Z');
    expect(of('+65d')).toBe('2027-01-31T10:00:00.000Z');
    expect(of('+90s')).toBe('2026-11-27T10:01:30.000Z');
  });

  it('is refused when it is neither', () => {
    expect(() => of('65d')).toThrow('expected an instant');
    expect(() => of('+65')).toThrow('expected a duration');
    expect(() => of('+-1d')).toThrow('expected a duration');
  });
});
