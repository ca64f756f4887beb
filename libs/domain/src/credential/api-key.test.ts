import { randomBytes, randomFillSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayApiKey, generateApiKey, hashApiKeySecret, matchesApiKeySecret, parseApiKey } from './api-key.js';

describe('an API key', () => {
  it('parses back to what was generated', () => {
    for (const mode of ['live', 'test'] as const) {
      const { key, parsed } = generateApiKey(mode, randomFillSync);
      expect(key).toMatch(/^tg_(live|test)_[0-9A-Za-z]{12}_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}$/);
      expect(parseApiKey(key)).toEqual(parsed);
      expect(displayApiKey(parsed.mode, parsed.keyId)).toBe(key.slice(0, 20));
    }
  });

  it('with any one character changed is refused by its checksum alone', () => {
    const { key } = generateApiKey('live', randomFillSync);
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: key.length - 1 }),
        fc.constantFrom('0', 'A', 'a', 'z', '9', 'Z'),
        (at, letter) => {
          fc.pre(key[at] !== letter);
          expect(parseApiKey(key.slice(0, at) + letter + key.slice(at + 1))).toBeNull();
        },
      ),
    );
  });

  it('is refused when it only looks alike', () => {
    for (const text of [
      '',
      'tg_live_',
      'sk_live_abc',
      `tg_live_${'a'.repeat(12)}_${'b'.repeat(32)}_000000`,
      'x'.repeat(10_000),
    ]) {
      expect(parseApiKey(text)).toBeNull();
    }
  });

  it('matches its own hash under its own pepper only', () => {
    const pepper = { id: '1', secret: randomBytes(32) };
    const { parsed } = generateApiKey('live', randomFillSync);
    const stored = hashApiKeySecret(parsed.secret, pepper);
    expect(stored).toHaveLength(32);
    expect(matchesApiKeySecret(parsed.secret, pepper, stored)).toBe(true);
    expect(matchesApiKeySecret(`${parsed.secret.slice(1)}x`, pepper, stored)).toBe(false);
    expect(matchesApiKeySecret(parsed.secret, { id: '2', secret: randomBytes(32) }, stored)).toBe(false);
  });

  it('uses every character of the alphabet about equally often', () => {
    const counts = new Map<string, number>();
    for (let index = 0; index < 2_000; index++) {
      for (const letter of generateApiKey('live', randomFillSync).parsed.secret)
        counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
    const expected = (2_000 * 32) / 62;
    expect(counts.size).toBe(62);
    for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(expected * 0.2);
  });
});
