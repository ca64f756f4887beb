import { describe, expect, it } from 'vitest';
import { type DisputeState, canMoveDispute, disputedMinor } from './dispute.js';

const at = (state: DisputeState, isInquiry = false) => ({ state, isInquiry });

describe('canMoveDispute', () => {
  it('follows the bank forwards, and takes a late report of an older state for nothing', () => {
    expect(canMoveDispute(at('needs_response'), at('under_review'))).toBe(true);
    expect(canMoveDispute(at('under_review'), at('lost'))).toBe(true);
    expect(canMoveDispute(at('lost'), at('won'))).toBe(true);
    expect(canMoveDispute(at('under_review'), at('needs_response'))).toBe(false);
    for (const state of ['needs_response', 'under_review', 'lost', 'closed'] as const)
      expect(canMoveDispute(at('won'), at(state))).toBe(false);
    expect(canMoveDispute(at('needs_response'), at('needs_response'))).toBe(false);
  });

  it('lets an inquiry become a dispute from every state, and no dispute an inquiry', () => {
    for (const state of ['needs_response', 'under_review', 'closed'] as const) {
      expect(canMoveDispute(at(state, true), at('needs_response'))).toBe(true);
      expect(canMoveDispute(at('needs_response'), at(state, true))).toBe(false);
    }
  });
});

describe('disputedMinor', () => {
  const payment = { amountMinor: 500n, currency: 'USD' };

  it('is what the bank says, at most the payment, and all of it in another currency', () => {
    expect(disputedMinor({ amountMinor: 200n, currency: 'USD' }, payment)).toBe(200n);
    expect(disputedMinor({ amountMinor: 501n, currency: 'USD' }, payment)).toBe(500n);
    expect(disputedMinor({ amountMinor: 200n, currency: 'EUR' }, payment)).toBe(500n);
  });
});
