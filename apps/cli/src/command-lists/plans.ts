import type { Command } from '../command.js';
import { planMigrate } from '../commands/plan-migrate.js';
import { planSimulate } from '../commands/plan.js';
import { rate } from '../commands/rate.js';
import { sim } from '../commands/sim.js';

/** Commands of plans and prices, and of what they would have made. */
export const planCommands: readonly Command[] = [
  {
    words: ['rate'],
    options: '--cases FILE',
    summary: 'Rate published cases (docs/guides/command-line.md); prints one {id, amount} a line. Needs no database.',
    run: rate,
  },
  {
    words: ['plan', 'simulate'],
    options: '--plan PRODUCT/PLAN [-f FILE [--set NAME=VALUE]…] --from INSTANT --to INSTANT [--csv | --json]',
    summary:
      'Rate the closed periods of a plan’s subscribers again as if the plan were what FILE, or its draft (PRODUCT/PLAN@draft), says: revenue, winners, losers. Changes nothing.',
    run: planSimulate,
  },
  {
    words: ['plan', 'migrate'],
    options: '--plan PRODUCT/PLAN --notice-days N [--overrides keep|carry|end] [--json]',
    summary: 'Bring the subscribers of a plan’s other versions to the published one, with notice by mail.',
    run: planMigrate,
  },
  {
    words: ['sim'],
    options: '--scenario FILE [--months 1-120] [--json]',
    summary:
      'Live through months of customers in minutes, by the real services on a database of their own; prints the invoices, exit 1 when they are not proven.',
    run: sim,
  },
];
