import type { MemberRole } from '../../api/team.js';

/** The roles of an organization in words, the mightiest first. */
export const roleWords: Readonly<Record<MemberRole, { readonly label: string; readonly may: string }>> = {
  owner: { label: 'Owner', may: 'Everything, and makes and removes owners' },
  admin: { label: 'Admin', may: 'Everything but owners' },
  developer: { label: 'Developer', may: 'Applications, keys, subscriptions and usage' },
  billing: { label: 'Billing', may: 'Invoices, cards, credits, spending caps and terms' },
};

/** Choices for a field, of those roles that may be given. */
export function roleChoices(roles: readonly MemberRole[]): { value: MemberRole; label: string }[] {
  return roles.map((role) => ({ value: role, label: roleWords[role].label }));
}
