import { randomBytes, randomFillSync } from 'node:crypto';
import { type FillRandom, type Mode, generateApiKey, hashApiKeySecret, hashImportedKey, parseApiKey } from '#domain';
import type { CredentialRecord } from '#persistence';
import { describe, expect, it } from 'vitest';
import { CredentialStore } from '../snapshot/credential-store.js';
import { openKey } from './authenticate.js';

const pepper = { id: '2', secret: Buffer.alloc(32, 2) };
const older = { id: '1', secret: Buffer.alloc(32, 1) };
const peppers = new Map([pepper, older].map((one) => [one.id, one]));
const nowMs = 1_800_000_000_000;

const base = {
  applicationId: '00000000-0000-7000-8000-000000000001',
  hashAlgorithm: 'peppered_sha256' as const,
  hashSalt: null,
  pepperId: '2',
  expiresAtMs: null,
  isRevoked: false,
  restrictions: null,
};
let made = 0;
const nextId = () => `00000000-0000-7000-8000-${String(++made).padStart(12, '0')}`;

function aKey(credentials: CredentialStore, overrides: Partial<CredentialRecord> = {}, mode: Mode = 'live'): string {
  const { key, parsed } = generateApiKey(mode, randomFillSync);
  const secretHash = hashApiKeySecret(parsed.secret, peppers.get(overrides.pepperId ?? '2') ?? pepper);
  const record = { ...base, id: nextId(), keyId: parsed.keyId, mode, secretHash: secretHash.toString('base64') };
  credentials.set({ ...record, ...overrides });
  return key;
}

const open = (credentials: CredentialStore, key: string) => openKey(key, credentials, peppers, nowMs);

describe('a key', () => {
  it('opens with any pepper of the ring, and no more when its pepper is gone', () => {
    const credentials = new CredentialStore();
    const [current, old, lost] = ['2', '1', '0'].map((pepperId) => aKey(credentials, { pepperId }));
    expect(open(credentials, current!)).toMatchObject({ mode: 'live', applicationId: base.applicationId });
    expect(open(credentials, old!)).toMatchObject({ mode: 'live' });
    expect(open(credentials, lost!)).toBe('pepper_missing');
    expect(openKey(old!, credentials, new Map([['2', pepper]]), nowMs)).toBe('pepper_missing');
  });

  it('says each reason for not opening apart', () => {
    const credentials = new CredentialStore();
    const key = aKey(credentials);
    const stranger = generateApiKey('live', randomFillSync).key;
    expect(open(credentials, 'foreign')).toBe('malformed');
    expect(open(credentials, `${key}0`)).toBe('malformed');
    expect(open(credentials, stranger)).toBe('unknown');
    expect(open(credentials, rebuilt(key, { mode: 'test' }))).toBe('unknown');
    expect(open(credentials, rebuilt(key, { secret: parseApiKey(stranger)!.secret }))).toBe('wrong_secret');
    expect(open(credentials, aKey(credentials, { isRevoked: true }))).toBe('revoked');
    expect(open(credentials, aKey(credentials, { expiresAtMs: nowMs }))).toBe('expired');
    expect(open(credentials, aKey(credentials, { expiresAtMs: nowMs + 1 }))).toMatchObject({ mode: 'live' });
  });

  it('that was made elsewhere opens by its whole text, and can be revoked and expire as well', () => {
    const credentials = new CredentialStore();
    const imported = (key: string, overrides: Partial<CredentialRecord> = {}) => {
      const secretHash = hashImportedKey(key, null).toString('base64');
      aKey(credentials, { hashAlgorithm: 'sha256', pepperId: null, secretHash, ...overrides });
    };
    imported('kong-key-0123456789');
    imported('kong-key-revoked-01', { isRevoked: true });
    imported('kong-key-expired-01', { expiresAtMs: nowMs });
    expect(open(credentials, 'kong-key-0123456789')).toMatchObject({ mode: 'live' });
    expect(open(credentials, 'kong-key-012345678')).toBe('unknown');
    expect(open(credentials, 'kong-key-revoked-01')).toBe('revoked');
    expect(open(credentials, 'kong-key-expired-01')).toBe('expired');
  });

  it('is never one of 100,000 that look alike', () => {
    const credentials = new CredentialStore();
    const keys = Array.from({ length: 1_000 }, () => aKey(credentials));
    const imported = hashImportedKey('kong-key-0123456789', null).toString('base64');
    aKey(credentials, { hashAlgorithm: 'sha256', pepperId: null, secretHash: imported });
    let accepted = 0;
    for (let index = 0; index < 100_000; index++) {
      if (typeof open(credentials, lookAlike(index % 5, keys[index % keys.length]!)) !== 'string') accepted++;
    }
    expect(accepted).toBe(0);
  }, 30_000);
});

/** Ever closer to a key that opens: random text, the form alone, a checksum that fits, a known public part, a known secret. */
function lookAlike(kind: number, key: string): string {
  const random = generateApiKey('live', randomFillSync);
  switch (kind) {
    case 0:
      return randomBytes(30).toString('base64url');
    case 1:
      return `${random.key.slice(0, -6)}${randomBytes(3).toString('hex')}`;
    case 2:
      return random.key;
    case 3:
      return rebuilt(key, { secret: random.parsed.secret });
    default:
      return rebuilt(key, { keyId: random.parsed.keyId });
  }
}

/** The key with other parts and the checksum that fits them. */
function rebuilt(key: string, changes: { mode?: Mode; keyId?: string; secret?: string }): string {
  const { mode, keyId, secret } = { ...parseApiKey(key)!, ...changes };
  const parts = [keyId, secret];
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  const fill: FillRandom = (bytes) => {
    const part = parts.shift()!;
    for (let index = 0; index < part.length; index++) bytes[index] = alphabet.indexOf(part[index]!);
  };
  return generateApiKey(mode, fill).key;
}
