import { describe, expect, it } from 'vitest';
import {
  MEMBERSHIP_ROLES,
  ORGANIZATION_PERMISSIONS,
  roleAllows,
  roleMayAssign,
  rolesWith,
} from './organization-role.js';

describe('the roles of an organization', () => {
  it.each([
    [
      'owner',
      'read manage_applications manage_webhooks manage_billing accept_terms manage_members manage_organization read_audit_log export_data delete_organization',
    ],
    [
      'admin',
      'read manage_applications manage_webhooks manage_billing accept_terms manage_members manage_organization read_audit_log export_data',
    ],
    ['developer', 'read manage_applications manage_webhooks accept_terms'],
    ['billing', 'read manage_billing accept_terms'],
  ] as const)('let %s do this and no more: %s', (role, permissions) => {
    const allowed = ORGANIZATION_PERMISSIONS.filter((permission) => roleAllows(role, permission));
    expect(allowed.toSorted()).toEqual([...permissions.split(' '), 'leave'].toSorted());
  });

  it('let only owners make, change and remove owners', () => {
    expect(MEMBERSHIP_ROLES.filter((role) => roleMayAssign(role, 'owner'))).toEqual(['owner']);
  });

  it('let nobody touch others who may not manage members', () => {
    for (const role of MEMBERSHIP_ROLES) {
      const mayAssign = MEMBERSHIP_ROLES.some((other) => roleMayAssign(role, other));
      expect(mayAssign, role).toBe(roleAllows(role, 'manage_members'));
    }
  });

  it('leave nothing that an owner may not do', () => {
    for (const permission of ORGANIZATION_PERMISSIONS) expect(rolesWith(permission)[0]).toBe('owner');
  });
});
