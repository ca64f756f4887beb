import type { Command } from '../command.js';

/** Commands of organizations, their members and their transfers. */
export const organizationCommands: readonly Command[] = [
  {
    words: ['members', 'list'],
    options: '--organization NAME [--json]',
    summary: 'The members of an organization, and their roles.',
    run: async (words) => (await import('../commands/members.js')).membersList(words),
  },
  {
    words: ['members', 'invite'],
    options: '--organization NAME --email ADDRESS --role owner|admin|developer|billing [--json]',
    summary: 'Print the link of an invitation, which works once, for seven days; sends no mail.',
    run: async (words) => (await import('../commands/members.js')).membersInvite(words),
  },
  {
    words: ['members', 'role'],
    options: '--organization NAME --email ADDRESS --role owner|admin|developer|billing',
    summary: 'Give a member another role; the last owner stays one.',
    run: async (words) => (await import('../commands/members.js')).membersRole(words),
  },
  {
    words: ['members', 'remove'],
    options: '--organization NAME --email ADDRESS',
    summary: 'Take a member out of an organization; their account stays.',
    run: async (words) => (await import('../commands/members.js')).membersRemove(words),
  },
  {
    words: ['organizations', 'list'],
    options: '[--search TEXT] [--json]',
    summary:
      'Organizations by slug, with how they pay; only those with this part of their name, slug or billing address.',
    run: async (words) => (await import('../commands/organization.js')).organizationsList(words),
  },
  {
    words: ['organization', 'suspend'],
    options: 'NAME [--reason TEXT]',
    summary: 'Refuse the calls of all applications of an organization; keys and subscriptions stay as they are.',
    run: async (words) => (await import('../commands/organization.js')).organizationSuspend(words),
  },
  {
    words: ['organization', 'restore'],
    options: 'NAME [--reason TEXT]',
    summary: 'Let the calls of a suspended organization pass again.',
    run: async (words) => (await import('../commands/organization.js')).organizationRestore(words),
  },
  {
    words: ['organization', 'billing'],
    options:
      'NAME [--legal-name TEXT] [--address LINE]… [--country CODE] [--region CODE] [--postal-code CODE] [--purchase-order TEXT] [--json]',
    summary: 'What its invoices say of an organization; what is named changes, and an empty text takes it away.',
    run: async (words) => (await import('../commands/organization.js')).organizationBilling(words),
  },
  {
    words: ['organization', 'terms'],
    options: 'NAME --method card|transfer [--net-days N]',
    summary: 'How an organization pays the invoices that are issued from now on.',
    run: async (words) => (await import('../commands/organization.js')).organizationTerms(words),
  },
  {
    words: ['transfers', 'record'],
    options:
      '(--invoice NUMBER | --organization NAME [--seller SLUG]) --currency CODE --amount-minor N --date DAY --reference TEXT [--sender TEXT] [--insist]',
    summary: 'Record a transfer that has arrived; what no invoice needs goes to the balance.',
    run: async (words) => (await import('../commands/transfers.js')).transfersRecord(words),
  },
  {
    words: ['transfers', 'reverse'],
    options: '--transfer ID --reason TEXT',
    summary: 'Take back a transfer that was recorded wrongly.',
    run: async (words) => (await import('../commands/transfers.js')).transfersReverse(words),
  },
  {
    words: ['transfers', 'import'],
    options: '-f FILE [--seller SLUG] [--json]',
    summary: 'Import a bank statement (CSV: date, amount, currency, reference, sender); all or nothing, no row twice.',
    run: async (words) => (await import('../commands/transfers.js')).transfersImport(words),
  },
  {
    words: ['transfers', 'list'],
    options: '[--organization NAME] [--json]',
    summary: 'The newest recorded transfers.',
    run: async (words) => (await import('../commands/transfers.js')).transfersList(words),
  },
];
