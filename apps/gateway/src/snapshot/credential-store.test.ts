import { randomBytes, randomFillSync } from 'node:crypto';
import { type Mode, generateApiKey, hashApiKeySecret, hashImportedKey } from '#domain';
import type { CredentialRecord } from '#persistence';
import { describe, expect, it } from 'vitest';
import { CredentialStore, NO_CREDENTIAL } from './credential-store.js';

const pepper = { id: '1', secret: Buffer.alloc(32, 1) };

function aRecord(mode: Mode = 'live', overrides: Partial<CredentialRecord> = {}) {
  const { key, parsed } = generateApiKey(mode, randomFillSync);
  const record: CredentialRecord = {
    id: uuid(),
    keyId: parsed.keyId,
    applicationId: uuid(),
    mode,
    secretHash: hashApiKeySecret(parsed.secret, pepper).toString('base64'),
    hashAlgorithm: 'peppered_sha256',
    hashSalt: null,
    pepperId: '1',
    expiresAtMs: null,
    isRevoked: false,
    restrictions: null,
    ...overrides,
  };
  return { key, parsed, record };
}

function anImportedRecord(key: string, hashSalt: string | null = null): CredentialRecord {
  const secretHash = hashImportedKey(key, hashSalt).toString('base64');
  return aRecord('live', { hashAlgorithm: 'sha256', hashSalt, pepperId: null, secretHash }).record;
}

function uuid(): string {
  return randomBytes(16)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function storeOf(records: readonly CredentialRecord[]): CredentialStore {
  const store = new CredentialStore();
  for (const record of records) store.set(record);
  return store;
}

describe('the store of credentials', () => {
  it('gives back every credential as it was set, over many chunks and growths', () => {
    const made = Array.from({ length: 5_000 }, (_, index) =>
      aRecord(index % 3 === 0 ? 'test' : 'live', {
        expiresAtMs: index % 2 === 0 ? null : 1_800_000_000_000 + index,
        isRevoked: index % 7 === 0,
        restrictions: index % 11 === 0 ? { allowedAddresses: ['10.0.0.0/8'], products: [], operations: [] } : null,
      }),
    );
    const records = made.map(({ record }) => record);
    const store = storeOf(records);
    expect(store.size).toBe(5_000);
    expect([...store.records()]).toEqual(records);
    for (const { parsed, record } of made) {
      const index = store.find(parsed.keyId);
      expect(store.entry(index)).toMatchObject({
        id: record.id,
        applicationId: record.applicationId,
        mode: record.mode,
      });
      expect(store.hasSecret(index, parsed.secret, pepper)).toBe(true);
    }
  });

  it('finds nothing under a public part that is not there', () => {
    const store = storeOf(Array.from({ length: 300 }, () => aRecord().record));
    for (const keyId of ['', 'short', 'AAAAAAAAAAAAA', '\u0141AAAAAAAAAAA'])
      expect(store.find(keyId)).toBe(NO_CREDENTIAL);
    for (let index = 0; index < 2_000; index++) expect(store.find(aRecord().parsed.keyId)).toBe(NO_CREDENTIAL);
    expect(new CredentialStore().find('AAAAAAAAAAAA')).toBe(NO_CREDENTIAL);
  });

  it('takes a changed credential in the place of the one before', () => {
    const { record, parsed } = aRecord();
    const store = storeOf([record, aRecord().record]);
    const restrictions = { allowedAddresses: [], products: ['atlas'], operations: [] };
    store.set({ ...record, isRevoked: true, expiresAtMs: 5_000, restrictions });
    const index = store.find(parsed.keyId);
    expect(store.size).toBe(2);
    expect(store.isRevoked(index)).toBe(true);
    expect(store.hasExpired(index, 4_999)).toBe(false);
    expect(store.hasExpired(index, 5_000)).toBe(true);
    expect(store.entry(index).restrictions?.products).toEqual(new Set(['atlas']));
    store.set(record);
    expect(store.hasExpired(index, 2 ** 47)).toBe(false);
    expect(store.entry(index).restrictions).toBeNull();
  });

  it('hands out the same entry again, and each its own where there are more than it keeps', () => {
    const records = Array.from({ length: 4_100 }, () => aRecord().record);
    const store = storeOf(records);
    const entryOf = (index: number) => store.entry(store.find(records[index]!.keyId));
    expect(entryOf(3)).toBe(entryOf(3));
    for (const index of [3, 4_099, 3, 4_099]) expect(entryOf(index).id).toBe(records[index]!.id);
  });

  it('matches a secret with its own pepper and hash only', () => {
    const { record, parsed } = aRecord();
    const store = storeOf([record]);
    expect(store.hasSecret(0, parsed.secret, pepper)).toBe(true);
    expect(store.hasSecret(0, `${parsed.secret.slice(1)}x`, pepper)).toBe(false);
    expect(store.hasSecret(0, parsed.secret, { id: '1', secret: Buffer.alloc(32, 2) })).toBe(false);
  });

  it('finds imported keys by the whole key under every salt, and own keys never that way', () => {
    const own = aRecord();
    const store = storeOf([own.record]);
    expect(store.hasImported).toBe(false);
    const keys = Array.from({ length: 1_000 }, (_, index) => `kong-${index}-${randomBytes(12).toString('hex')}`);
    for (const [index, key] of keys.entries()) store.set(anImportedRecord(key, index % 2 === 0 ? null : 'salt:'));
    expect(store.hasImported).toBe(true);
    for (const [index, key] of keys.entries()) expect(store.findImported(key)).toBe(index + 1);
    for (const key of keys) expect(store.findImported(`${key}x`)).toBe(NO_CREDENTIAL);
    expect(store.findImported(own.key)).toBe(NO_CREDENTIAL);
    expect(store.findImported(`salt:${keys[1]}`)).toBe(NO_CREDENTIAL);
    expect([...store.records()].at(-1)).toMatchObject({ hashAlgorithm: 'sha256', hashSalt: 'salt:', pepperId: null });
  });

  it('refuses what is no credential', () => {
    const { record } = aRecord();
    for (const wrong of [{ id: 'c1' }, { keyId: 'short' }, { secretHash: 'AAAA' }]) {
      expect(() => storeOf([{ ...record, ...wrong }])).toThrow(/of another form/);
    }
  });
});
