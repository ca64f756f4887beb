import { describe, expect, it } from 'vitest';
import { disputeStanding, reasonWords } from './dispute-words.js';

const lost = { state: 'lost', isInquiry: false, resolution: null, decidedAt: null } as const;

describe('disputeStanding', () => {
  it('asks finance to decide about a lost one until somebody has', () => {
    expect(disputeStanding(lost)).toEqual({ label: 'Lost, decide', tone: 'danger' });
    expect(disputeStanding({ ...lost, resolution: 'written_off' }).label).toBe('Write-off waits for approval');
    const decided = { ...lost, decidedAt: '2026-11-26T00:00:00Z' };
    expect(disputeStanding({ ...decided, resolution: 'written_off' }).label).toBe('Lost, given up');
    expect(disputeStanding({ ...decided, resolution: 'reopened' }).label).toBe('Lost, due again');
  });

  it('tells an inquiry from a dispute', () => {
    expect(disputeStanding({ ...lost, state: 'needs_response', isInquiry: true }).label).toBe(
      'Inquiry, needs an answer',
    );
    expect(disputeStanding({ ...lost, state: 'needs_response' }).label).toBe('Needs evidence');
  });
});

describe('reasonWords', () => {
  it('reads as words', () => expect(reasonWords('product_not_received')).toBe('Product not received'));
});
