import { expect, it } from 'vitest';
import { aSession } from '../api/a-session.js';
import type { Session } from '../api/types.js';
import { deskAt, openPageOf } from './desks.js';

const finance = aSession({ staffRoles: ['finance'] });
const labelsAt = (pathname: string, of: Session) => deskAt(pathname, of)?.pages.map(({ label }) => label);

it('has the pages of a desk on each of them, for those who have its role', () => {
  expect(labelsAt('/finance/transfers', finance)).toContain('Tax rates');
  expect(labelsAt('/finance/invoices/i/lines/2', finance)).toContain('Tax rates');
  expect(labelsAt('/operator', finance)).toBeUndefined();
  expect(labelsAt('/finances', finance)).toBeUndefined();
  expect(labelsAt('/finance', aSession({ user: null, staffRoles: ['finance'] }))).toBeUndefined();
});

it('has users among the pages of the operator for admins only, and nothing to choose for an admin alone', () => {
  expect(labelsAt('/operator', aSession({ staffRoles: ['operator'] }))).not.toContain('Users');
  expect(labelsAt('/operator', aSession({ staffRoles: ['operator', 'admin'] }))).toContain('Users');
  expect(labelsAt('/operator/users', aSession({ staffRoles: ['admin'] }))).toBeUndefined();
});

it('marks the first page for what has none of its own', () => {
  const desk = deskAt('/finance', finance)!;
  expect(openPageOf(desk, '/finance')).toBe('/finance');
  expect(openPageOf(desk, '/finance/invoices/i')).toBe('/finance');
  expect(openPageOf(desk, '/finance/organizations/o')).toBe('/finance/organizations');
});
