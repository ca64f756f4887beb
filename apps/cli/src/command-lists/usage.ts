import type { Command } from '../command.js';
import { periodClose } from '../commands/period.js';
import { usageReaggregate } from '../commands/reaggregate.js';
import { usageArchive } from '../commands/usage-archive.js';
import { usage } from '../commands/usage.js';

/** Commands of usage and of the periods that bill it. */
export const usageCommands: readonly Command[] = [
  {
    words: ['usage', 'archive'],
    options: '[--day DAY] [--dry-run] [--json]',
    summary:
      'Move days of the ledger that are old enough, or the one given, to the archive; exit 1 when one must stay.',
    run: usageArchive,
  },
  {
    words: ['usage', 'reaggregate'],
    options: '--from INSTANT --to INSTANT [--json]',
    summary: 'Add events up anew and print each sum that says something else; exit 1 when one does. Changes nothing.',
    run: usageReaggregate,
  },
  {
    words: ['usage'],
    options: '--key KEY [--json]',
    summary: 'What a key has used: billed counts and request ids.',
    run: usage,
  },
  {
    words: ['period', 'close'],
    options: '[--at INSTANT|+DURATION] [--release-incomplete] [--json]',
    summary:
      'Close and invoice every period that has ended by INSTANT (default: now). A later one moves the clock there, with the payment sandbox.',
    run: periodClose,
  },
];
