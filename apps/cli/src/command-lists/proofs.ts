import type { Command } from '../command.js';

/** Commands that prove, and show what they prove by. */
export const proofCommands: readonly Command[] = [
  {
    words: ['verify'],
    options: '[--period YYYY-MM] [--no-provider] [--json]',
    summary:
      'Prove that journal, ledger, rollups, lines, invoices and payment provider agree; exit 1 names the first row that differs.',
    run: async (words) => (await import('../commands/verify.js')).verify(words),
  },
  {
    words: ['journal', 'stat'],
    options: '[--folder FOLDER] [--file FILE]… [--json]',
    summary: 'What lies in the journal of the gateways here, file by file; exit 1 when something cannot be read.',
    run: async (words) => (await import('../commands/journal.js')).journalStat(words),
  },
  {
    words: ['journal', 'cat'],
    options: '[--folder FOLDER] [--file FILE]… [--request ID]',
    summary: 'Its events, one JSON document a line, as the gateway wrote them.',
    run: async (words) => (await import('../commands/journal.js')).journalCat(words),
  },
  {
    words: ['journal', 'salvage'],
    options: '--file FILE [--gateway ID] [--json]',
    summary: 'Put all that can be read of a damaged segment in its place, and keep the damaged one beside it.',
    run: async (words) => (await import('../commands/journal.js')).journalSalvage(words),
  },
];
