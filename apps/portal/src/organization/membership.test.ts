import { expect, it } from 'vitest';
import type { Membership } from '../api/types.js';
import { chosenMembership, mayManage } from './membership.js';

const membership = (id: string): Membership => ({
  organization: { id, slug: id, name: id, suspendedAt: null },
  role: 'owner',
  permissions: [],
  assignableRoles: [],
});

it('keeps to the organization chosen before, and falls back to the first', () => {
  const memberships = [membership('a'), membership('b')];
  expect(chosenMembership(memberships, 'b')?.organization.id).toBe('b');
  expect(chosenMembership(memberships, 'gone')?.organization.id).toBe('a');
  expect(chosenMembership([], 'a')).toBeNull();
});

it('shows the buttons of what the API allows, and no others', () => {
  const none = { applications: false, webhooks: false, billing: false, members: false, organization: false };
  expect(mayManage(['read'])).toEqual(none);
  expect(mayManage(['read', 'manage_applications'])).toEqual({ ...none, applications: true });
  expect(mayManage(['manage_billing', 'manage_members'])).toEqual({ ...none, billing: true, members: true });
});
