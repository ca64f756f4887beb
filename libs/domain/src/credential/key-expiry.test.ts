import { describe, expect, it } from 'vitest';
import { expiryNoticeAt } from './key-expiry.js';

describe('when owners are told of the end of a key', () => {
  const decidedAt = new Date('2026-11-01T00:00:00Z');

  it('is seven days before it', () => {
    expect(expiryNoticeAt(new Date('2027-02-08T12:00:00Z'), decidedAt)).toEqual(new Date('2027-02-01T12:00:00Z'));
    expect(expiryNoticeAt(new Date('2026-11-08T00:00:00.001Z'), decidedAt)).toEqual(
      new Date('2026-11-01T00:00:00.001Z'),
    );
  });

  it('is never for an end that was decided no longer ahead, and for none', () => {
    expect(expiryNoticeAt(new Date('2026-11-08T00:00:00Z'), decidedAt)).toBeNull();
    expect(expiryNoticeAt(new Date('2026-11-01T01:00:00Z'), decidedAt)).toBeNull();
    expect(expiryNoticeAt(null, decidedAt)).toBeNull();
  });
});
