import { describe, expect, it } from 'vitest';
import { RecentById } from './recent-by-id.js';

const idOf = (number: number): string => `01937b6e-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;

describe('what is kept by id', () => {
  it('is there for as many ids as there are places, and for the latest of those with the same end', () => {
    const recent = new RecentById<number>();
    expect(recent.at(idOf(1))).toBeNull();
    for (let number = 0; number < 16_384; number++) recent.put(idOf(number), number);
    for (let number = 0; number < 16_384; number++) expect(recent.at(idOf(number))).toBe(number);
    recent.put(idOf(16_384 + 7), -1);
    expect([recent.at(idOf(7)), recent.at(idOf(8))]).toEqual([-1, 8]);
  });

  it.each(['', 'x', 'ab', 'é€\u{10ffff}'])('takes any text for an id: %j', (id) => {
    const recent = new RecentById<string>();
    recent.put(id, id);
    expect(recent.at(id)).toBe(id);
  });
});
