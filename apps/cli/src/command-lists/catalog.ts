import type { Command } from '../command.js';

/** Commands of the catalogue: what is published. */
export const catalogCommands: readonly Command[] = [
  {
    words: ['apply'],
    options: '-f FILE [--set NAME=VALUE]… [--vars FILE]… [--remote] [--dry-run] [--expect DIGEST] [--json] [--quiet]',
    summary:
      'Make APIs, products, meters and plans what FILE says; prints the difference. With --remote through the portal, with TOLLGATE_TOKEN: what is of your own publisher teams. With --expect only what diff --json gave this digest of.',
    run: async (words) => (await import('../commands/apply.js')).apply(words),
  },
  {
    words: ['diff'],
    options: '-f FILE [--set NAME=VALUE]… [--vars FILE]… [--remote] [--json] [--quiet]',
    summary:
      'Say where FILE and what is live differ, field by field; changes nothing. Exit 0 for no difference, 1 for some, 2 for a faulty file.',
    run: async (words) => (await import('../commands/diff.js')).diff(words),
  },
  {
    words: ['catalog', 'export'],
    options: '[--publisher SLUG] [--product SLUG] [--out FOLDER [--variables]] [--json]',
    summary:
      'Write what is live, or one publisher or product of it, as a file that apply reads. Secrets stay here; with --variables, so does what differs between installations.',
    run: async (words) => (await import('../commands/catalog-export.js')).catalogExport(words),
  },
  {
    words: ['docs', 'diff'],
    options: '--from FILE --to FILE | --api SLUG [--from VERSION] --to VERSION [--json] [--quiet]',
    summary:
      'What changed between two OpenAPI files, or two live versions: breaking, not breaking, docs only. Exit 1 when some of it is breaking.',
    run: async (words) => (await import('../commands/docs.js')).docsDiff(words),
  },
  {
    words: ['import', 'kong'],
    options: 'FILE [--out FILE] [--publisher SLUG] [--currency CODE] [--json]',
    summary:
      'Write a catalogue file from a declarative file of Kong (decK), and say by place what could not be carried over.',
    run: async (words) => (await import('../commands/import.js')).importFromKong(words),
  },
  {
    words: ['import', 'istio'],
    options:
      'FILE [--target HOST/SUBSET=URL]… [--organization SLUG] [--out FILE] [--publisher SLUG] [--currency CODE] [--json]',
    summary:
      'Write a catalogue file from VirtualServices and DestinationRules of Istio, and say by place what could not be carried over.',
    run: async (words) => (await import('../commands/import.js')).importFromIstio(words),
  },
  {
    words: ['traffic'],
    options:
      '(--product SLUG | --api SLUG --version NAME) [--last 1h] [--by operation|subset|time] [--mode live|test] [--json]',
    summary: 'How many calls fail and how long they take, in the last 1m to 31d.',
    run: async (words) => (await import('../commands/traffic.js')).traffic(words),
  },
  {
    words: ['canary', 'show'],
    options: '--api SLUG --version NAME [--json]',
    summary: 'Which subsets of its upstream the calls of a version go to.',
    run: async (words) => (await import('../commands/canary.js')).canaryShow(words),
  },
  {
    words: ['canary', 'set'],
    options: '--api SLUG --version NAME [--rule NAME] --share SUBSET=WEIGHT… [--json]',
    summary: 'Give the calls of a rule, or those that none matches, other shares of subsets, within a second.',
    run: async (words) => (await import('../commands/canary.js')).canarySet(words),
  },
  {
    words: ['canary', 'send-all'],
    options: '--api SLUG --version NAME --to SUBSET [--json]',
    summary: 'Send all calls to one subset, those of rules as well: the end of a canary that fails.',
    run: async (words) => (await import('../commands/canary.js')).canarySendAll(words),
  },
  {
    words: ['canary', 'reset'],
    options: '--api SLUG --version NAME [--rule NAME] [--json]',
    summary: 'Take the changes of shares back: as the version was written, by its file.',
    run: async (words) => (await import('../commands/canary.js')).canaryReset(words),
  },
  {
    words: ['catalog', 'schema'],
    options: '',
    summary: 'Print the JSON Schema of that file.',
    run: async () => (await import('../commands/apply.js')).catalogSchema(),
  },
];
