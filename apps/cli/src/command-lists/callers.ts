import type { Command } from '../command.js';

/** Commands of who calls, or reports usage, and of what gateways keep of it. */
export const callerCommands: readonly Command[] = [
  {
    words: ['keys', 'create'],
    options:
      '--application NAME [--organization NAME] [--plan PRODUCT/PLAN] [--billing-email ADDRESS] [--mode live|test] [--name TEXT] [--expires INSTANT] [--allow-address RANGE]… [--product SLUG]… [--operation SELECTOR]… [--json]',
    summary: 'Make a key; organization, application and subscription too when they are missing.',
    run: async (words) => (await import('../commands/keys.js')).keysCreate(words),
  },
  {
    words: ['keys', 'list'],
    options: '--application NAME [--organization NAME] [--json]',
    summary: 'The keys of an application, without their secrets.',
    run: async (words) => (await import('../commands/keys-life.js')).keysList(words),
  },
  {
    words: ['keys', 'rotate'],
    options: '--key TG_LIVE_ID [--overlap 24h] [--expires INSTANT] [--json]',
    summary: 'Make a successor that works at once; the old key ends after the overlap (0 to 30d).',
    run: async (words) => (await import('../commands/keys-life.js')).keysRotate(words),
  },
  {
    words: ['keys', 'revoke'],
    options: '--key TG_LIVE_ID',
    summary: 'End a key; the gateways refuse it within a second.',
    run: async (words) => (await import('../commands/keys-life.js')).keysRevoke(words),
  },
  {
    words: ['keys', 'import'],
    options: '-f FILE [--json]',
    summary: 'Take over keys of another gateway from CSV or JSON lines; all or none, and none twice.',
    run: async (words) => (await import('../commands/keys-import.js')).keysImport(words),
  },
  {
    words: ['keys', 'peppers'],
    options: '[--json]',
    summary: 'How many keys hang on each pepper; exit 1 when live keys have lost theirs.',
    run: async (words) => (await import('../commands/keys-life.js')).keysPeppers(words),
  },
  {
    words: ['identities', 'add'],
    options: '--application ID --kind jwt|mtls [--issuer URL] --value TEXT [--json]',
    summary: 'Let a claim of an issuer’s tokens, or the name in a client certificate, stand for an application.',
    run: async (words) => (await import('../commands/identities.js')).identitiesAdd(words),
  },
  {
    words: ['identities', 'list'],
    options: '[--application ID] [--json]',
    summary: 'Which names stand for which application.',
    run: async (words) => (await import('../commands/identities.js')).identitiesList(words),
  },
  {
    words: ['identities', 'remove'],
    options: '--id ID',
    summary: 'Let a name stand for no application any more.',
    run: async (words) => (await import('../commands/identities.js')).identitiesRemove(words),
  },
  {
    words: ['cache', 'purge'],
    options: '--api SLUG [--version NAME] [--path PATH[*]]',
    summary: 'Make every gateway forget the answers of an API that it keeps, within a second.',
    run: async (words) => (await import('../commands/cache.js')).cachePurge(words),
  },
  {
    words: ['ingest-tokens', 'create'],
    options: '--publisher SLUG [--name TEXT] [--json]',
    summary: 'Make a token with which a publisher team’s systems report usage, and nothing else.',
    run: async (words) => (await import('../commands/ingest-tokens.js')).ingestTokensCreate(words),
  },
  {
    words: ['ingest-tokens', 'list'],
    options: '[--json]',
    summary: 'These tokens, without their secrets.',
    run: async (words) => (await import('../commands/ingest-tokens.js')).ingestTokensList(words),
  },
  {
    words: ['ingest-tokens', 'revoke'],
    options: '--token TGI_ID',
    summary: 'End a token at once.',
    run: async (words) => (await import('../commands/ingest-tokens.js')).ingestTokensRevoke(words),
  },
];
