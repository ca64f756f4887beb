import { describe, expect, it } from 'vitest';
import { proofWords } from './proof-words.js';

const check = { name: 'events' as const, ok: true, checked: 40, difference: null };
const difference = { check: 'rollups', row: 'usage_rollup x', expected: '4 events', actual: '5 events', message: '' };

describe('a proof in words', () => {
  it('says that it runs while there is no result', () => {
    expect(proofWords({ ok: null, checks: null })).toMatchObject({ label: 'Running', compared: null });
  });

  it('adds up what was compared', () => {
    expect(proofWords({ ok: true, checks: [check, { ...check, checked: 2 }] })).toEqual({
      tone: 'positive',
      label: 'Agrees',
      compared: 42,
      firstDifference: null,
    });
  });

  it('names the first row that differs', () => {
    const words = proofWords({ ok: false, checks: [check, { ...check, name: 'rollups', ok: false, difference }] });
    expect(words).toMatchObject({
      tone: 'danger',
      firstDifference: 'usage_rollup x: expected 4 events, actual 5 events',
    });
  });
});
