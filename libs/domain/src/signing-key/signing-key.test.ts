import { createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signJwtBytes, verifyJwtSignature } from '../token/jwt-algorithm.js';
import { SIGNING_ALGORITHMS, generateSigningPair, outlivedSigningKeys, signingKeyAt } from './signing-key.js';

const day = 86_400_000;

describe('a signing key', () => {
  it.each(SIGNING_ALGORITHMS)('for %s signs what its published part verifies', (algorithm) => {
    const { publicKey, privatePem } = generateSigningPair(algorithm);
    expect(publicKey).not.toHaveProperty('d');
    const signature = signJwtBytes(algorithm, createPrivateKey(privatePem), Buffer.from('text'));
    const key = createPublicKey({ key: publicKey, format: 'jwk' });
    expect(verifyJwtSignature(algorithm, key, Buffer.from('text'), signature)).toBe(true);
  });

  it('signs from when it is active until the next one is', () => {
    const keys = [{ activeFromMs: 20 }, { activeFromMs: 10 }, { activeFromMs: 30 }];
    expect(signingKeyAt(keys, 9)).toBeUndefined();
    expect(signingKeyAt(keys, 10)).toEqual({ activeFromMs: 10 });
    expect(signingKeyAt(keys, 29)).toEqual({ activeFromMs: 20 });
    expect(signingKeyAt(keys, 30)).toEqual({ activeFromMs: 30 });
  });

  it('stays published for a day after the next one is active', () => {
    const [first, second] = [{ activeFrom: new Date(0) }, { activeFrom: new Date(day) }];
    expect(outlivedSigningKeys([first, second], 2 * day - 1)).toEqual([]);
    expect(outlivedSigningKeys([first, second], 2 * day)).toEqual([first]);
    expect(outlivedSigningKeys([first], 100 * day)).toEqual([]);
  });
});
