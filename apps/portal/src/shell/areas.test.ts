import { expect, it } from 'vitest';
import { aSession } from '../api/a-session.js';
import { areasOf, homeOf } from './areas.js';

const membership = {
  organization: { id: 'o', slug: 'o', name: 'O', suspendedAt: null },
  role: 'owner' as const,
  permissions: [],
  assignableRoles: [],
};

it('shows areas by role only', () => {
  expect(areasOf(aSession({ memberships: [membership] })).map(({ label }) => label)).toEqual(['Dashboard']);
  expect(areasOf(aSession({ staffRoles: ['operator'] })).map(({ label }) => label)).toEqual(['Operator']);
  expect(areasOf(aSession({ staffRoles: ['operator', 'admin'] })).map(({ label }) => label)).toEqual(['Operator']);
  expect(areasOf(aSession({ staffRoles: ['admin'] })).map(({ label }) => label)).toEqual(['Users']);
  expect(areasOf(aSession({ user: null, staffRoles: ['finance'] }))).toEqual([]);
});

it('sends people with a desk to it, whether or not they have an organization too', () => {
  expect(homeOf(aSession({ staffRoles: ['finance', 'operator'] }))).toBe('/finance');
  expect(homeOf(aSession({ memberships: [membership], staffRoles: ['operator'] }))).toBe('/operator');
  expect(homeOf(aSession({ memberships: [membership] }))).toBe('/dashboard');
  expect(homeOf(aSession({}))).toBe('/dashboard');
});
