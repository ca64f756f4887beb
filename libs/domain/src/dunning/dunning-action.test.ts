import { describe, expect, it } from 'vitest';
import { dunningAction } from './dunning-action.js';
import type { DunningCase } from './dunning-case.js';
import { DEFAULT_DUNNING_POLICY } from './dunning-policy.js';

const DAY_MS = 86_400_000;
const beganAt = new Date('2026-02-01T00:00:00Z');
const found: DunningCase = {
  invoiceId: 'invoice',
  organizationId: 'organization',
  beganAt,
  startMs: 1_000,
  toldAttempt: 1,
  retriesMade: 0,
  warnedAt: null,
  suspendedAt: null,
  exhaustedAt: null,
  endedAt: null,
};
const failed = {
  state: 'past_due',
  attempt: 1,
  failureCode: 'generic_decline',
  paymentMethod: 'card',
  paidMinor: 0n,
  chargedBackMinor: 0n,
  isDisputed: false,
} as const;
const act = (
  one: DunningCase | null,
  invoice: Parameters<typeof dunningAction>[1],
  day: number,
): ReturnType<typeof dunningAction> => dunningAction(one, invoice, DEFAULT_DUNNING_POLICY, 1_000 + day * DAY_MS);

describe('dunningAction', () => {
  it('begins with the first failure that the provider answered, and tells of each later one', () => {
    expect(act(null, failed, 0)).toBe('begin');
    expect(act(found, failed, 0)).toBeNull();
    expect(act(found, { ...failed, attempt: 2 }, 0)).toBe('tell');
  });

  it.each([null, 'reconcile_hold', 'payment_pending'])('does nothing while the answer is %s, however late', (code) => {
    expect(act(null, { ...failed, failureCode: code }, 0)).toBeNull();
    expect(act(found, { ...failed, attempt: 2, failureCode: code }, 99)).toBeNull();
  });

  it('acts at the millisecond at which a step is due, and one step at a time', () => {
    expect(dunningAction(found, failed, DEFAULT_DUNNING_POLICY, 999 + DAY_MS)).toBeNull();
    expect(act(found, failed, 1)).toBe('retry');
    expect(act({ ...found, retriesMade: 1 }, failed, 9)).toBe('warn');
    expect(act({ ...found, retriesMade: 2, warnedAt: beganAt }, failed, 9)).toBe('suspend');
    const all = { ...found, retriesMade: 4, warnedAt: beganAt, suspendedAt: beganAt };
    expect(act(all, failed, 9)).toBe('exhaust');
    expect(act({ ...all, exhaustedAt: beganAt }, failed, 99)).toBeNull();
  });

  it('asks the owner of a card that must be confirmed, and declines it no further', () => {
    expect(act(found, { ...failed, failureCode: 'authentication_required' }, 1)).toBe('remind');
  });

  it('does nothing but end while a payment is disputed, however late', () => {
    expect(act(null, { ...failed, isDisputed: true }, 0)).toBeNull();
    expect(act(found, { ...failed, isDisputed: true }, 99)).toBeNull();
    expect(act(found, { ...failed, state: 'paid', isDisputed: true }, 99)).toBe('end');
  });

  it('begins anew, and charges no card, when a bank has taken the payment back', () => {
    const chargedBack = { ...failed, failureCode: 'charged_back', chargedBackMinor: 500n };
    expect(act({ ...found, endedAt: beganAt }, chargedBack, 0)).toBe('begin');
    expect(act(found, chargedBack, 1)).toBe('remind');
  });

  it('reminds who pays by transfer, where a card would be charged', () => {
    const transfer = { ...failed, failureCode: null, paymentMethod: 'transfer' } as const;
    expect(act(null, transfer, 0)).toBe('begin');
    expect(act(found, { ...transfer, attempt: 2 }, 0)).toBeNull();
    expect(act(found, transfer, 1)).toBe('remind');
    expect(act({ ...found, retriesMade: 2, warnedAt: beganAt }, transfer, 3)).toBe('suspend');
  });

  it('reminds of the rest of an invoice that was paid in part, as no card is charged for it and no answer comes', () => {
    const rest = { ...failed, attempt: 2, failureCode: null, paidMinor: 1n };
    expect(act(null, rest, 0)).toBe('begin');
    expect(act(found, rest, 0)).toBeNull();
    expect(act(found, rest, 1)).toBe('remind');
    expect(act({ ...found, retriesMade: 2, warnedAt: beganAt }, rest, 3)).toBe('suspend');
    expect(act(found, { ...rest, failureCode: 'reconcile_hold' }, 99)).toBeNull();
  });

  it('ends once when the invoice is settled, and leaves one alone that was given up', () => {
    expect(act(found, { ...failed, state: 'paid', failureCode: null }, 0)).toBe('end');
    expect(act(found, { ...failed, state: 'void' }, 0)).toBe('end');
    expect(act({ ...found, endedAt: beganAt }, { ...failed, state: 'paid' }, 0)).toBeNull();
    expect(act(null, { ...failed, state: 'paid' }, 0)).toBeNull();
    expect(act(found, { ...failed, state: 'uncollectible' }, 99)).toBeNull();
  });

  it('begins anew with an invoice that is due again after it was settled', () => {
    expect(act({ ...found, suspendedAt: beganAt, endedAt: beganAt }, failed, 99)).toBe('begin');
    expect(act({ ...found, endedAt: beganAt }, { ...failed, state: 'issued' }, 99)).toBeNull();
  });
});
