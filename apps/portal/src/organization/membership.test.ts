import { expect, it } from 'vitest';
import type { Membership } from '../api/types.js';
import { chosenMembership, mayManage } from './membership.js';

const membership = (id: string): Membership => ({ organization: { id, slug: id, name: id }, role: 'owner' });

it('keeps to the organization chosen before, and falls back to the first', () => {
  const memberships = [membership('a'), membership('b')];
  expect(chosenMembership(memberships, 'b')?.organization.id).toBe('b');
  expect(chosenMembership(memberships, 'gone')?.organization.id).toBe('a');
  expect(chosenMembership([], 'a')).toBeNull();
});

it('lets developers manage applications and billing people the billing', () => {
  expect(mayManage('developer')).toEqual({ applications: true, billing: false, members: false });
  expect(mayManage('billing')).toEqual({ applications: false, billing: true, members: false });
  expect(mayManage('owner')).toEqual({ applications: true, billing: true, members: true });
});
