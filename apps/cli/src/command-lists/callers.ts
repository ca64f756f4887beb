import type { Command } from '../command.js';
import { cachePurge } from '../commands/cache.js';
import { identitiesAdd, identitiesList, identitiesRemove } from '../commands/identities.js';
import { ingestTokensCreate, ingestTokensList, ingestTokensRevoke } from '../commands/ingest-tokens.js';
import { keysImport } from '../commands/keys-import.js';
import { keysList, keysPeppers, keysRevoke, keysRotate } from '../commands/keys-life.js';
import { keysCreate } from '../commands/keys.js';

/** Commands of who calls, or reports usage, and of what gateways keep of it. */
export const callerCommands: readonly Command[] = [
  {
    words: ['keys', 'create'],
    options:
      '--application NAME [--organization NAME] [--plan PRODUCT/PLAN] [--billing-email ADDRESS] [--mode live|test] [--name TEXT] [--expires INSTANT] [--allow-address RANGE]… [--product SLUG]… [--operation SELECTOR]… [--json]',
    summary: 'Make a key; organization, application and subscription too when they are missing.',
    run: keysCreate,
  },
  {
    words: ['keys', 'list'],
    options: '--application NAME [--organization NAME] [--json]',
    summary: 'The keys of an application, without their secrets.',
    run: keysList,
  },
  {
    words: ['keys', 'rotate'],
    options: '--key TG_LIVE_ID [--overlap 24h] [--expires INSTANT] [--json]',
    summary: 'Make a successor that works at once; the old key ends after the overlap (0 to 30d).',
    run: keysRotate,
  },
  {
    words: ['keys', 'revoke'],
    options: '--key TG_LIVE_ID',
    summary: 'End a key; the gateways refuse it within a second.',
    run: keysRevoke,
  },
  {
    words: ['keys', 'import'],
    options: '-f FILE [--json]',
    summary: 'Take over keys of another gateway from CSV or JSON lines; all or none, and none twice.',
    run: keysImport,
  },
  {
    words: ['keys', 'peppers'],
    options: '[--json]',
    summary: 'How many keys hang on each pepper; exit 1 when live keys have lost theirs.',
    run: keysPeppers,
  },
  {
    words: ['identities', 'add'],
    options: '--application ID --kind jwt|mtls [--issuer URL] --value TEXT [--json]',
    summary: 'Let a claim of an issuer’s tokens, or the name in a client certificate, stand for an application.',
    run: identitiesAdd,
  },
  {
    words: ['identities', 'list'],
    options: '[--application ID] [--json]',
    summary: 'Which names stand for which application.',
    run: identitiesList,
  },
  {
    words: ['identities', 'remove'],
    options: '--id ID',
    summary: 'Let a name stand for no application any more.',
    run: identitiesRemove,
  },
  {
    words: ['cache', 'purge'],
    options: '--api SLUG [--version NAME] [--path PATH[*]]',
    summary: 'Make every gateway forget the answers of an API that it keeps, within a second.',
    run: cachePurge,
  },
  {
    words: ['ingest-tokens', 'create'],
    options: '--publisher SLUG [--name TEXT] [--json]',
    summary: 'Make a token with which a publisher team’s systems report usage, and nothing else.',
    run: ingestTokensCreate,
  },
  {
    words: ['ingest-tokens', 'list'],
    options: '[--json]',
    summary: 'These tokens, without their secrets.',
    run: ingestTokensList,
  },
  {
    words: ['ingest-tokens', 'revoke'],
    options: '--token TGI_ID',
    summary: 'End a token at once.',
    run: ingestTokensRevoke,
  },
];
