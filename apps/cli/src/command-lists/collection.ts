import type { Command } from '../command.js';

/** Commands of how invoices are collected, and of prepaid credits. */
export const collectionCommands: readonly Command[] = [
  {
    words: ['dunning', 'list'],
    options: '[--json]',
    summary: 'Invoices that are past due, with what follows by itself and when.',
    run: async (words) => (await import('../commands/dunning.js')).dunningList(words),
  },
  {
    words: ['dunning', 'pause'],
    options: '--organization NAME --until INSTANT --reason TEXT',
    summary: 'Charge, mail and refuse nothing by itself until then; what was suspended for payment passes again.',
    run: async (words) => (await import('../commands/dunning.js')).dunningPause(words),
  },
  {
    words: ['dunning', 'resume'],
    options: '--organization NAME',
    summary: 'End such a pause now.',
    run: async (words) => (await import('../commands/dunning.js')).dunningResume(words),
  },
  {
    words: ['webhooks', 'list'],
    options: '[--state waiting|failed|processed] [--json]',
    summary: 'The newest messages of the payment provider, and what became of them.',
    run: async (words) => (await import('../commands/webhooks.js')).webhooksList(words),
  },
  {
    words: ['webhooks', 'replay'],
    options: 'EVENT',
    summary: 'Act on such a message once more; it is harmless.',
    run: async (words) => (await import('../commands/webhooks.js')).webhooksReplay(words),
  },
  {
    words: ['credits', 'give'],
    options:
      '--organization NAME --currency CODE --amount-minor N --reason TEXT [--expires INSTANT] [--priority 0-100] [--product SLUG [--meter SLUG]] [--seller SLUG]',
    summary: 'Give an organization prepaid credits; above CREDIT_GRANT_LIMIT they wait for a person of finance.',
    run: async (words) => (await import('../commands/credits.js')).creditsGive(words),
  },
  {
    words: ['credits', 'list'],
    options: '--organization NAME [--json]',
    summary: 'The prepaid credits of an organization, and what is left of them.',
    run: async (words) => (await import('../commands/credits.js')).creditsList(words),
  },
  {
    words: ['credits', 'refuse'],
    options: '--proposal ID',
    summary: 'Take back credits that wait for approval.',
    run: async (words) => (await import('../commands/credits.js')).creditsRefuse(words),
  },
];
