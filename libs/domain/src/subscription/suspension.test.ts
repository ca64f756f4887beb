import { describe, expect, it } from 'vitest';
import { changeSuspension, shownSuspension } from './suspension.js';

describe('the reasons of a suspension', () => {
  it('hold beside each other: lifting one leaves the others', () => {
    const both = changeSuspension(changeSuspension([], 'payment', true), 'operator', true);
    expect(both).toEqual(['operator', 'payment']);
    expect(changeSuspension(both, 'payment', true)).toEqual(both);
    expect(changeSuspension(both, 'operator', false)).toEqual(['payment']);
    expect(changeSuspension(['payment'], 'trial_ended', false)).toEqual(['payment']);
  });

  it('are told one at a time, what only the operator or the publisher can lift first', () => {
    expect(shownSuspension(['trial_ended', 'payment', 'operator'])).toBe('operator');
    expect(shownSuspension(['payment', 'publisher'])).toBe('publisher');
    expect(shownSuspension(['trial_ended', 'payment'])).toBe('payment');
    expect(shownSuspension([])).toBeNull();
  });
});
