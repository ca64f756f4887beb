import { randomBytes, randomFillSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openSecret, sealSecret } from './sealed-secret.js';

const oldKey = { id: '1', secret: randomBytes(32) };
const newKey = { id: '2', secret: randomBytes(32) };

describe('a sealed secret', () => {
  it('opens with its key and purpose, and shows nothing of itself', () => {
    const sealed = sealSecret('token-ü-123', 'upstream', [oldKey], randomFillSync);
    expect(openSecret(sealed, 'upstream', [oldKey])).toBe('token-ü-123');
    expect(sealed.ciphertext.includes('token')).toBe(false);
  });

  it('still opens after the ring was rotated, and new ones use the current key', () => {
    const sealed = sealSecret('a', 'upstream', [oldKey], randomFillSync);
    expect(openSecret(sealed, 'upstream', [newKey, oldKey])).toBe('a');
    expect(sealSecret('a', 'upstream', [newKey, oldKey], randomFillSync).keyId).toBe('2');
  });

  it('refuses another purpose, a changed byte, and a ring without its key', () => {
    const sealed = sealSecret('a', 'upstream', [oldKey], randomFillSync);
    expect(() => openSecret(sealed, 'webhook', [oldKey])).toThrow(/does not open/);
    const changed = Buffer.from(sealed.ciphertext);
    changed[0]! ^= 1;
    expect(() => openSecret({ ...sealed, ciphertext: changed }, 'upstream', [oldKey])).toThrow(/does not open/);
    expect(() => openSecret(sealed, 'upstream', [newKey])).toThrow(/put that key back/);
  });

  it('is different each time it is sealed', () => {
    const [a, b] = [sealSecret('x', 'p', [oldKey], randomFillSync), sealSecret('x', 'p', [oldKey], randomFillSync)];
    expect(a.ciphertext.equals(b.ciphertext)).toBe(false);
  });
});
