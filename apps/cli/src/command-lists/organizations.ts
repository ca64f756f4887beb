import type { Command } from '../command.js';
import { membersInvite, membersList, membersRemove, membersRole } from '../commands/members.js';
import {
  organizationBilling,
  organizationRestore,
  organizationSuspend,
  organizationTerms,
} from '../commands/organization.js';
import { transfersImport, transfersList, transfersRecord, transfersReverse } from '../commands/transfers.js';

/** Commands of organizations, their members and their transfers. */
export const organizationCommands: readonly Command[] = [
  {
    words: ['members', 'list'],
    options: '--organization NAME [--json]',
    summary: 'The members of an organization, and their roles.',
    run: membersList,
  },
  {
    words: ['members', 'invite'],
    options: '--organization NAME --email ADDRESS --role owner|admin|developer|billing [--json]',
    summary: 'Print the link of an invitation, which works once, for seven days; sends no mail.',
    run: membersInvite,
  },
  {
    words: ['members', 'role'],
    options: '--organization NAME --email ADDRESS --role owner|admin|developer|billing',
    summary: 'Give a member another role; the last owner stays one.',
    run: membersRole,
  },
  {
    words: ['members', 'remove'],
    options: '--organization NAME --email ADDRESS',
    summary: 'Take a member out of an organization; their account stays.',
    run: membersRemove,
  },
  {
    words: ['organization', 'suspend'],
    options: 'NAME [--reason TEXT]',
    summary: 'Refuse the calls of all applications of an organization; keys and subscriptions stay as they are.',
    run: organizationSuspend,
  },
  {
    words: ['organization', 'restore'],
    options: 'NAME [--reason TEXT]',
    summary: 'Let the calls of a suspended organization pass again.',
    run: organizationRestore,
  },
  {
    words: ['organization', 'billing'],
    options:
      'NAME [--legal-name TEXT] [--address LINE]… [--country CODE] [--region CODE] [--postal-code CODE] [--purchase-order TEXT] [--json]',
    summary: 'What its invoices say of an organization; what is named changes, and an empty text takes it away.',
    run: organizationBilling,
  },
  {
    words: ['organization', 'terms'],
    options: 'NAME --method card|transfer [--net-days N]',
    summary: 'How an organization pays the invoices that are issued from now on.',
    run: organizationTerms,
  },
  {
    words: ['transfers', 'record'],
    options:
      '(--invoice NUMBER | --organization NAME [--seller SLUG]) --currency CODE --amount-minor N --date DAY --reference TEXT [--sender TEXT] [--insist]',
    summary: 'Record a transfer that has arrived; what no invoice needs goes to the balance.',
    run: transfersRecord,
  },
  {
    words: ['transfers', 'reverse'],
    options: '--transfer ID --reason TEXT',
    summary: 'Take back a transfer that was recorded wrongly.',
    run: transfersReverse,
  },
  {
    words: ['transfers', 'import'],
    options: '-f FILE [--seller SLUG] [--json]',
    summary: 'Import a bank statement (CSV: date, amount, currency, reference, sender); all or nothing, no row twice.',
    run: transfersImport,
  },
  {
    words: ['transfers', 'list'],
    options: '[--organization NAME] [--json]',
    summary: 'The newest recorded transfers.',
    run: transfersList,
  },
];
