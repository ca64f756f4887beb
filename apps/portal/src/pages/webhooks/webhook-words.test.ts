import { describe, expect, it } from 'vitest';
import { deliveryWords, endpointWords, outcomeOf, subjectOf } from './webhook-words.js';

describe('the words of webhooks', () => {
  it('tell a message that was never tried from one that is tried again', () => {
    expect(deliveryWords({ state: 'waiting', lastAttempt: null }).label).toBe('Waiting');
    expect(deliveryWords({ state: 'waiting', lastAttempt: { outcome: 'refused', status: 500 } }).label).toBe(
      'Retrying',
    );
    expect(deliveryWords({ state: 'failed', lastAttempt: { outcome: 'refused', status: 500 } }).label).toBe('Failed');
  });

  it('say why an endpoint is off, and that one fails', () => {
    const since = '2026-11-26T12:00:00.000Z';
    expect(endpointWords({ disabledReason: null, failingSince: null }).label).toBe('On');
    expect(endpointWords({ disabledReason: null, failingSince: since }).label).toBe('Failing');
    expect(endpointWords({ disabledReason: 'member', failingSince: null }).label).toBe('Off');
    expect(endpointWords({ disabledReason: 'gone', failingSince: since }).label).toBe('Off: gone');
    expect(endpointWords({ disabledReason: 'failing', failingSince: since }).label).toBe('Off: failing');
  });

  it('show the status of an answer, or what went wrong', () => {
    expect(outcomeOf({ outcome: 'delivered', status: 204 })).toBe('204');
    expect(outcomeOf({ outcome: 'refused', status: 500 })).toBe('500');
    expect(outcomeOf({ outcome: 'redirected', status: 302 })).toBe('302 Redirected, not followed');
    expect(outcomeOf({ outcome: 'timed_out', status: null })).toBe('No answer in 15 s');
  });

  it('name what a type is about', () => {
    expect(subjectOf('credit_note.issued')).toBe('credit note');
    expect(subjectOf('invoice.paid')).toBe('invoice');
  });
});
