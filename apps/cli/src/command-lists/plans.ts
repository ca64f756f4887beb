import type { Command } from '../command.js';

/** Commands of plans and prices, and of what they would have made. */
export const planCommands: readonly Command[] = [
  {
    words: ['rate'],
    options: '--cases FILE',
    summary: 'Rate published cases (docs/guides/command-line.md); prints one {id, amount} a line. Needs no database.',
    run: async (words) => (await import('../commands/rate.js')).rate(words),
  },
  {
    words: ['plan', 'simulate'],
    options:
      '--plan PRODUCT/PLAN [-f FILE [--set NAME=VALUE]… [--vars FILE]…] --from INSTANT --to INSTANT [--csv | --json]',
    summary:
      'Rate the closed periods of a plan’s subscribers again as if the plan were what FILE, or its draft (PRODUCT/PLAN@draft), says: revenue, winners, losers. Changes nothing.',
    run: async (words) => (await import('../commands/plan.js')).planSimulate(words),
  },
  {
    words: ['plan', 'migrate'],
    options: '--plan PRODUCT/PLAN --notice-days N [--overrides keep|carry|end] [--json]',
    summary: 'Bring the subscribers of a plan’s other versions to the published one, with notice by mail.',
    run: async (words) => (await import('../commands/plan-migrate.js')).planMigrate(words),
  },
  {
    words: ['sim'],
    options: '--scenario FILE [--months 1-120] [--json]',
    summary:
      'Live through months of customers in minutes, by the real services on a database of their own; prints the invoices, exit 1 when they are not proven.',
    run: async (words) => (await import('../commands/sim.js')).sim(words),
  },
];
