import { describe, expect, it } from 'vitest';
import { cancellationMs } from './cancellation.js';

const ms = (text: string) => Date.parse(text);
const terms = { anchorMs: ms('2026-01-31T10:00:00Z'), phaseStartMs: ms('2026-01-31T10:00:00Z') };

describe('the instant at which a cancellation ends a subscription', () => {
  it('is the end of the period that is under way, also on the first instant of it', () => {
    expect(cancellationMs('period_end', terms, ms('2026-02-10T00:00:00Z'))).toBe(ms('2026-02-28T10:00:00Z'));
    expect(cancellationMs('period_end', terms, ms('2026-02-28T10:00:00Z'))).toBe(ms('2026-03-31T10:00:00Z'));
  });

  it('is now when it is at once, and a millisecond after the start of a phase that has just begun', () => {
    const now = ms('2026-02-10T00:00:00Z');
    expect(cancellationMs('now', terms, now)).toBe(now);
    expect(cancellationMs('now', terms, terms.phaseStartMs)).toBe(terms.phaseStartMs + 1);
  });
});
