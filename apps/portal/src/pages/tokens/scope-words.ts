import type { AccessTokenScope } from '../../api/access-tokens.js';

/** What a scope of a token is for. */
export const scopeWords: Readonly<Record<AccessTokenScope, { readonly label: string; readonly description: string }>> =
  {
    read: { label: 'Read', description: 'Applications, usage, invoices, members' },
    read_audit_log: { label: 'Read the audit log', description: 'Who changed what' },
    manage_applications: { label: 'Applications', description: 'Applications, keys, subscriptions' },
    manage_webhooks: { label: 'Webhooks', description: 'Endpoints and their messages' },
    manage_billing: { label: 'Billing', description: 'Billing details, credits, spending caps' },
    accept_terms: { label: 'Terms', description: 'Accept terms of use' },
    manage_members: { label: 'Members', description: 'Invite, change and remove people' },
    manage_organization: { label: 'Organization', description: 'Rename it' },
    publisher: { label: 'Publisher', description: 'Products and plans of your teams' },
    finance: { label: 'Finance', description: 'The finance desk' },
    operator: { label: 'Operator', description: 'The operator desk' },
    admin: { label: 'Admin', description: 'Roles of other people' },
  };
