import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { expect, it } from 'vitest';
import { isSignedBy } from './leak-report-keys.js';

/** The example of GitHub's documentation of its partner program. */
const example = {
  key: createPublicKey(
    '-----BEGIN PUBLIC KEY-----\n' +
      'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE9MJJHnMfn2+H4xL4YaPDA4RpJqUq\n' +
      'kCmRCBnYERxZanmcpzQSXs1X/AljlKkbJ8qpVIW4clayyef9gWhFbNHWAA==\n' +
      '-----END PUBLIC KEY-----\n',
  ),
  body: Buffer.from('[{"token":"some_token","type":"some_type","url":"some_url"}]'),
  signature: 'MEUCIQDKZokqnCjrRtw0tni+2Ltvl/uiMJ1EGumEsp1BsNr32AIgQY1YXD2nlj+XNfGK4rBfkMJ1JDOQcYXxa2sY8FNkrKc=',
};

it('takes GitHub’s own example, and nothing that differs from it', () => {
  const { key, body, signature } = example;
  expect(isSignedBy(key, body, signature)).toBe(true);
  expect(isSignedBy(key, Buffer.concat([body, Buffer.from(' ')]), signature)).toBe(false);
  expect(isSignedBy(key, body, `${signature.slice(0, 20)}A${signature.slice(21)}`)).toBe(false);
  for (const nonsense of ['', 'x', 'AAAA']) expect(isSignedBy(key, body, nonsense)).toBe(false);
});

it('takes no other curve and no other kind of key', () => {
  for (const pair of [
    generateKeyPairSync('ec', { namedCurve: 'secp384r1' }),
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ]) {
    const signature = sign('sha256', example.body, pair.privateKey).toString('base64');
    expect(isSignedBy(pair.publicKey, example.body, signature)).toBe(false);
  }
});
