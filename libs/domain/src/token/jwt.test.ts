import { createHmac, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readJwkSet } from './jwk-set.js';
import { fitsAlgorithm, verifyJwtSignature } from './jwt-algorithm.js';
import { checkJwtClaims, scopesOf } from './jwt-claims.js';
import { hasJwtForm, parseJwt, signJwt } from './jwt.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ec384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const edwards = generateKeyPairSync('ed25519');
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const unsigned = (header: unknown, claims: unknown = {}) => `${encode(header)}.${encode(claims)}.AAAA`;

describe('a JSON Web Token', () => {
  it.each([
    ['RS256', rsa],
    ['PS384', rsa],
    ['ES256', ec],
    ['ES384', ec384],
    ['EdDSA', edwards],
  ] as const)('signed with %s is verified by its key and by no other text', (algorithm, { privateKey, publicKey }) => {
    const token = signJwt({ sub: 'a' }, algorithm, 'k1', privateKey);
    const parsed = parseJwt(token)!;
    expect(parsed).toMatchObject({ algorithm, keyId: 'k1', claims: { sub: 'a' } });
    expect(verifyJwtSignature(algorithm, publicKey, parsed.signed, parsed.signature)).toBe(true);
    const other = Buffer.from(parsed.signed);
    other[other.length - 1]! ^= 1;
    expect(verifyJwtSignature(algorithm, publicKey, other, parsed.signature)).toBe(false);
  });

  it.each<[string, string]>([
    ['without a signature', `${encode({ alg: 'none' })}.${encode({})}.`],
    ['that says "none"', unsigned({ alg: 'none' })],
    ['with a shared secret', unsigned({ alg: 'HS256' })],
    ['with an unknown algorithm', unsigned({ alg: 'es256' })],
    ['with an extension that must be understood', unsigned({ alg: 'ES256', crit: ['b64'], b64: false })],
    ['with a key id that is no text', unsigned({ alg: 'ES256', kid: 1 })],
    ['of five parts', `${unsigned({ alg: 'ES256' })}.AAAA.AAAA`],
    ['with a header that is no object', unsigned([])],
    ['with claims that are no object', unsigned({ alg: 'ES256' }, 'text')],
    ['that is not base64url', 'ey!.ey.AA'],
    ['that is too long', unsigned({ alg: 'ES256' }, { a: 'a'.repeat(20_000) })],
  ])('is not read %s', (_what, token) => {
    expect(parseJwt(token)).toBeNull();
  });

  it('has a form that our keys never have', () => {
    expect(hasJwtForm(unsigned({ alg: 'ES256' }))).toBe(true);
    expect(hasJwtForm('tg_live_abcdefgh1234_secret_crc')).toBe(false);
    expect(hasJwtForm('SG.abcdefgh.secret')).toBe(false);
  });

  it.each<[string, string]>([
    ['without a signature', `${encode({ alg: 'none' })}.${encode({})}.`],
    ['with blanks in its header', `${Buffer.from('{\n "alg": "none" }').toString('base64url')}.${encode({})}.AAAA`],
    ['with blanks before its header', `${Buffer.from(' {"alg":"none"}').toString('base64url')}.${encode({})}.AAAA`],
    [
      'encrypted, which anybody can do who knows a public key',
      `${encode({ alg: 'RSA-OAEP', enc: 'A128GCM' })}.a.b.c.d`,
    ],
    ['in base64 with padding', `${Buffer.from('{"alg":"none" }').toString('base64')}.e30=.AAAA`],
  ])('has that form also %s', (_what, token) => {
    expect(hasJwtForm(token)).toBe(true);
  });
});

describe('an algorithm', () => {
  it('takes only keys of its own kind and strength', () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
    expect(fitsAlgorithm(rsa.publicKey, 'RS256')).toBe(true);
    expect(fitsAlgorithm(weak.publicKey, 'RS256')).toBe(false);
    expect(fitsAlgorithm(rsa.publicKey, 'ES256')).toBe(false);
    expect(fitsAlgorithm(ec.publicKey, 'RS256')).toBe(false);
    expect(fitsAlgorithm(ec.publicKey, 'ES384')).toBe(false);
    expect(fitsAlgorithm(edwards.publicKey, 'EdDSA')).toBe(true);
    expect(fitsAlgorithm(edwards.publicKey, 'ES256')).toBe(false);
  });
});

describe('a set of published keys', () => {
  it('gives those that verify signatures, and leaves others out', () => {
    const jwk = ec.publicKey.export({ format: 'jwk' });
    const keys = readJwkSet({
      keys: [
        { ...jwk, kid: 'good', alg: 'ES256', use: 'sig' },
        { ...jwk, kid: 'for-encryption', use: 'enc' },
        { ...jwk, kid: 'for-signing', key_ops: ['sign'] },
        { kty: 'oct', k: createHmac('sha256', 'a').digest('base64url'), kid: 'secret' },
        { kty: 'EC', crv: 'P-256', x: 'bad', y: 'bad', kid: 'broken' },
        'nonsense',
      ],
    });
    expect(keys).toMatchObject([{ keyId: 'good', algorithm: 'ES256' }]);
  });

  it('is not read from anything else', () => {
    for (const document of [null, [], {}, { keys: 'a' }, { keys: Array(101).fill({}) }])
      expect(readJwkSet(document)).toBeNull();
  });
});

describe('the claims of a token', () => {
  const expected = { issuer: 'https://id.test', audiences: ['api', 'other'], clockSkewSeconds: 30 };
  const nowMs = 1_000_000_000;
  const good = { iss: 'https://id.test', aud: 'api', exp: nowMs / 1000 + 60 };

  it.each<[string, Record<string, unknown>]>([
    ['valid', {}],
    ['valid', { aud: ['x', 'other'] }],
    ['valid', { exp: nowMs / 1000 - 29 }],
    ['valid', { nbf: nowMs / 1000 + 29 }],
    ['expired', { exp: nowMs / 1000 - 30 }],
    ['not_yet_valid', { nbf: nowMs / 1000 + 31 }],
    ['not_yet_valid', { nbf: 'soon' }],
    ['wrong_issuer', { iss: 'https://id.test/' }],
    ['wrong_issuer', { iss: undefined }],
    ['wrong_audience', { aud: 'x' }],
    ['wrong_audience', { aud: undefined }],
    ['wrong_audience', { aud: [] }],
    ['no_expiry', { exp: undefined }],
    ['no_expiry', { exp: '9999999999' }],
  ])('are %s with %o', (verdict, changed) => {
    expect(checkJwtClaims({ ...good, ...changed }, expected, nowMs)).toBe(verdict);
  });

  it('have scopes as a text or a list', () => {
    expect(scopesOf({ scope: 'a b' })).toEqual(['a', 'b']);
    expect(scopesOf({ scp: ['a', 1, 'b'] })).toEqual(['a', 'b']);
    expect(scopesOf({})).toEqual([]);
  });
});
