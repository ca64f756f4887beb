import type { Command } from '../command.js';

/** Commands of usage and of the periods that bill it. */
export const usageCommands: readonly Command[] = [
  {
    words: ['usage', 'archive'],
    options: '[--day DAY] [--dry-run] [--json]',
    summary:
      'Move days of the ledger that are old enough, or the one given, to the archive; exit 1 when one must stay.',
    run: async (words) => (await import('../commands/usage-archive.js')).usageArchive(words),
  },
  {
    words: ['usage', 'reaggregate'],
    options: '--from INSTANT --to INSTANT [--json]',
    summary: 'Add events up anew and print each sum that says something else; exit 1 when one does. Changes nothing.',
    run: async (words) => (await import('../commands/reaggregate.js')).usageReaggregate(words),
  },
  {
    words: ['usage'],
    options: '--key KEY [--json]',
    summary: 'What a key has used: billed counts and request ids.',
    run: async (words) => (await import('../commands/usage.js')).usage(words),
  },
  {
    words: ['quarantine', 'list'],
    options: '[--reason REASON] [--gateway ID] [--json]',
    summary:
      'Usage events that are kept aside instead of being counted, by gateway and reason; exit 1 when there are some.',
    run: async (words) => (await import('../commands/quarantine.js')).quarantineList(words),
  },
  {
    words: ['quarantine', 'retry'],
    options: '[--reason REASON] [--gateway ID] [--json]',
    summary: 'Count those of them that can be counted by now, each once; exit 1 when some must stay.',
    run: async (words) => (await import('../commands/quarantine.js')).quarantineRetry(words),
  },
  {
    words: ['quarantine', 'dismiss'],
    options: '--reason REASON --note TEXT [--gateway ID] [--json]',
    summary: 'Decide that events are never counted; they are kept, and alarm nobody any more.',
    run: async (words) => (await import('../commands/quarantine.js')).quarantineDismiss(words),
  },
  {
    words: ['period', 'close'],
    options: '[--at INSTANT|+DURATION] [--release-incomplete] [--json]',
    summary:
      'Close and invoice every period that has ended by INSTANT (default: now). A later one moves the clock there, with the payment sandbox.',
    run: async (words) => (await import('../commands/period.js')).periodClose(words),
  },
];
