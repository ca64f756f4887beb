import { expect, it } from 'vitest';
import type { Credential } from '../api/types.js';
import { credentialState, expiryOf, sortedCredentials } from './credential-state.js';

const now = new Date('2026-11-22T12:00:00Z');

const credential = (changes: Partial<Credential> = {}): Credential => ({
  id: 'c',
  keyId: 'k',
  display: 'tg_live_k',
  mode: 'live',
  name: 'key',
  restrictions: null,
  rotatedFromId: null,
  isTryIt: false,
  createdAt: '2026-11-01T00:00:00Z',
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
  etag: '"e"',
  ...changes,
});

it('tells keys that work from those that do not', () => {
  expect(credentialState(credential(), now)).toMatchObject({ label: 'Active', works: true });
  expect(credentialState(credential({ revokedAt: '2026-11-02T00:00:00Z' }), now)).toMatchObject({ works: false });
  expect(credentialState(credential({ expiresAt: '2026-11-22T12:00:00Z' }), now).label).toBe('Expired');
});

it('warns two weeks before a key expires', () => {
  const label = (expiresAt: string) => credentialState(credential({ expiresAt }), now).label;
  expect(label('2026-11-23T11:00:00Z')).toBe('Expires in a day');
  expect(label('2026-12-06T11:00:00Z')).toBe('Expires in 14 days');
  expect(label('2026-12-07T13:00:00Z')).toBe('Active');
});

it('does not warn of the end of a key that was made for an hour', () => {
  const key = credential({ expiresAt: '2026-11-22T12:40:00Z', isTryIt: true });
  expect(credentialState(key, now)).toMatchObject({ label: 'Ends within the hour', works: true });
});

it('lists the newest working key first', () => {
  const sorted = sortedCredentials(
    [
      credential({ id: 'revoked', createdAt: '2026-11-20T00:00:00Z', revokedAt: '2026-11-21T00:00:00Z' }),
      credential({ id: 'old' }),
      credential({ id: 'new', createdAt: '2026-11-10T00:00:00Z' }),
    ],
    now,
  );
  expect(sorted.map(({ id }) => id)).toEqual(['new', 'old', 'revoked']);
});

it('turns a choice into an instant', () => {
  expect(expiryOf('30', now)).toBe('2026-12-22T12:00:00.000Z');
  expect(expiryOf('never', now)).toBeNull();
});
