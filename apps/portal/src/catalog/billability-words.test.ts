import { describe, expect, it } from 'vitest';
import type { BillabilityRow } from '../api/types.js';
import { billedWords, chargeWords, quotaUseWords } from './billability-words.js';

const row = (overrides: Partial<BillabilityRow> = {}): BillabilityRow => ({
  name: 'success',
  record: 'event',
  quota: true,
  billable: true,
  isFixed: false,
  operations: null,
  valueMeters: false,
  factor: '1',
  ...overrides,
});

describe('the words of the billability table', () => {
  it.each<[Partial<BillabilityRow>, string]>([
    [{}, 'Yes'],
    [{ billable: false }, 'No'],
    [{ billable: false, isFixed: true }, 'Never'],
    [{ operations: ['getThing', 'tag:read'] }, 'Only getThing, tag:read'],
    [{ name: 'cacheHit', factor: '0.125' }, 'At 12.5 %'],
    [{ name: 'cacheHit', factor: '0.0' }, 'No'],
    [{ name: 'brokenAfterHead', billable: false, valueMeters: true }, 'Only what arrived'],
    [{ name: 'abortedAfterHead' }, 'Yes, what arrived'],
  ])('say of %j: %s', (overrides, expected) => {
    expect(billedWords(row(overrides))).toBe(expected);
  });

  it.each<[Partial<BillabilityRow>, string]>([
    [{}, 'Yes'],
    [{ quota: false }, 'No'],
    [{ name: 'test', quota: false }, 'Of test calls'],
    [{ operations: ['getThing'] }, 'Only getThing'],
    [{ quota: false, valueMeters: true }, 'Only what arrived'],
  ])('say of the quota of %j: %s', (overrides, expected) => {
    expect(quotaUseWords(row(overrides))).toBe(expected);
  });
});

describe('what plans charge for, in a sentence', () => {
  const plan = (...rows: Partial<BillabilityRow>[]) => ({ version: { billability: rows.map(row) } });
  const usual = plan({}, { name: 'clientError', billable: false }, { name: 'abortedAfterHead' });

  it('promises that errors cost nothing where no plan says otherwise', () => {
    expect(chargeWords([usual])).toBe('Errors, refused calls and test keys are never charged.');
  });

  it('names what a plan charges for beyond what is usual, each once', () => {
    const strict = plan(
      { name: 'redirect' },
      { name: 'clientError', operations: ['search'] },
      { name: 'abortedBeforeHead' },
      { name: 'abortedBeforeUpstream' },
    );
    const words =
      'Failures of the API (5xx), refused calls and test keys are never charged; some plans charge for redirects (3xx), some answers with 4xx, and calls that you break off.';
    expect(chargeWords([usual, strict])).toBe(words);
    expect(chargeWords([strict])).toContain('the plan charges for');
    expect(chargeWords([plan({ name: 'brokenAfterHead', billable: false, valueMeters: true })])).toContain('break off');
  });
});
