import { expect, it } from 'vitest';
import type { Session } from '../api/types.js';
import { areasOf, homeOf } from './areas.js';

const session = (changes: Partial<Session>): Session => ({
  user: { id: 'u', name: 'Ada', email: 'ada@example.com' },
  memberships: [],
  staffRoles: [],
  publisherTeams: [],
  accessToken: null,
  termsToAccept: null,
  twoFactorMissing: false,
  ...changes,
});

const membership = {
  organization: { id: 'o', slug: 'o', name: 'O', suspendedAt: null },
  role: 'owner' as const,
  permissions: [],
  assignableRoles: [],
};

it('shows areas by role only', () => {
  expect(areasOf(session({ memberships: [membership] })).map(({ label }) => label)).toEqual(['Dashboard']);
  expect(areasOf(session({ staffRoles: ['operator'] })).map(({ label }) => label)).toEqual(['Operator']);
  expect(areasOf(session({ staffRoles: ['operator', 'admin'] })).map(({ label }) => label)).toEqual(['Operator']);
  expect(areasOf(session({ staffRoles: ['admin'] })).map(({ label }) => label)).toEqual(['Users']);
  expect(areasOf(session({ user: null, staffRoles: ['finance'] }))).toEqual([]);
});

it('sends people with a desk to it, whether or not they have an organization too', () => {
  expect(homeOf(session({ staffRoles: ['finance', 'operator'] }))).toBe('/finance');
  expect(homeOf(session({ memberships: [membership], staffRoles: ['operator'] }))).toBe('/operator');
  expect(homeOf(session({ memberships: [membership] }))).toBe('/dashboard');
  expect(homeOf(session({}))).toBe('/dashboard');
});
