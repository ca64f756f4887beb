import type { Command } from '../command.js';

/** Commands of invoices and their tax. */
export const invoiceCommands: readonly Command[] = [
  {
    words: ['invoice', 'explain'],
    options: 'NUMBER|ID --line N [--csv | --json]',
    summary:
      'Go from a line of an invoice back to the calls behind it, and add them up; exit 1 when they are not its quantity.',
    run: async (words) => (await import('../commands/invoice-explain.js')).invoiceExplain(words),
  },
  {
    words: ['invoice', 'export'],
    options: 'NUMBER|ID [--format json|ubl|pdf|csv|xlsx] [--credit-note NUMBER]',
    summary: 'One invoice as a file, or a credit note of it (ubl, pdf); ubl is the electronic invoice of EN 16931.',
    run: async (words) => (await import('../commands/invoice-export.js')).invoiceExport(words),
  },
  {
    words: ['invoice', 'void'],
    options: 'NUMBER|ID --reason TEXT [--reissue] [--preview] [--json]',
    summary: 'Withdraw an invoice that is not paid; --reissue makes another in its place, --preview changes nothing.',
    run: async (words) => (await import('../commands/invoice-withdraw.js')).invoiceVoid(words),
  },
  {
    words: ['invoice', 'reissue'],
    options: 'NUMBER|ID [--preview] [--json]',
    summary: 'Make another invoice in the place of one that is void; it waits in review for a day at least.',
    run: async (words) => (await import('../commands/invoice-withdraw.js')).invoiceReissue(words),
  },
  {
    words: ['invoice', 'rebuild'],
    options: 'NUMBER|ID [--json]',
    summary: 'Build an invoice whose collection is held anew at the payment provider; it is compared again first.',
    run: async (words) => (await import('../commands/invoice-withdraw.js')).invoiceRebuild(words),
  },
  {
    words: ['invoice', 'uncollectible'],
    options: 'NUMBER|ID --reason TEXT [--preview] [--json]',
    summary: 'Give up an invoice that is past due; it can still be paid.',
    run: async (words) => (await import('../commands/invoice-withdraw.js')).invoiceUncollectible(words),
  },
  {
    words: ['invoice', 'credit'],
    options: 'NUMBER|ID --reason TEXT [--line N[=MINOR]]… [--preview] [--json]',
    summary:
      'A credit note of all that is left of an invoice, or of lines of it; off what is due, the rest to the balance.',
    run: async (words) => (await import('../commands/invoice-credit.js')).invoiceCredit(words),
  },
  {
    words: ['invoice', 'refund'],
    options: 'NUMBER|ID --reason TEXT [--line N[=MINOR]]… [--preview] [--json]',
    summary: 'Propose the same of a paid invoice with the money back to its card; a person of finance must approve it.',
    run: async (words) => (await import('../commands/invoice-credit.js')).invoiceRefund(words),
  },
  {
    words: ['tax', 'rates', 'list'],
    options: '[--seller SLUG] [--json]',
    summary: 'What sellers charge of tax, rates that are over or to come too.',
    run: async (words) => (await import('../commands/tax.js')).taxRatesList(words),
  },
  {
    words: ['tax', 'rates', 'add'],
    options:
      '--country CODE --name TEXT --from INSTANT [--percent N] [--category standard|reduced|…] [--region CODE] [--tax-id ID] [--note TEXT] [--to INSTANT] [--seller SLUG] [--preview] [--json]',
    summary:
      'Add a tax rate; invoices that are made from now on are taxed by it. --preview only says which would change.',
    run: async (words) => (await import('../commands/tax.js')).taxRatesAdd(words),
  },
  {
    words: ['tax', 'rates', 'end'],
    options: 'ID (--at INSTANT | --never) [--preview] [--json]',
    summary:
      'End a tax rate, or let it go on; invoices that are made stay as they are. --preview only says which to come would change.',
    run: async (words) => (await import('../commands/tax.js')).taxRatesEnd(words),
  },
  {
    words: ['tax', 'source'],
    options: '--set own|provider [--seller SLUG] [--json]',
    summary:
      'Who computes the taxes of a seller from now on: it by its own rates, or the payment provider (Stripe Tax).',
    run: async (words) => (await import('../commands/tax.js')).taxSource(words),
  },
  {
    words: ['tax', 'exempt'],
    options: '--organization NAME (--reason TEXT | --end) [--json]',
    summary: 'Charge an organization no tax from now on, for a reason that its invoices print; --end takes that back.',
    run: async (words) => (await import('../commands/tax.js')).taxExempt(words),
  },
  {
    words: ['invoices', 'issue'],
    options: '[--invoice ID]',
    summary: 'End the review of an invoice now; without ID issue all whose review has ended.',
    run: async (words) => (await import('../commands/invoices.js')).invoicesIssue(words),
  },
  {
    words: ['invoices', 'review'],
    options: '--organization NAME [--hours 0-720]',
    summary: 'How long the invoices of an organization wait in review before they are issued; 0 for not at all.',
    run: async (words) => (await import('../commands/invoices.js')).invoicesReview(words),
  },
];
