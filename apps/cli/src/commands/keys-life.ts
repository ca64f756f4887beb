import { type Credential, displayApiKey } from '#domain';
import {
  findApplicationNamed,
  findCredential,
  listCredentials,
  revokeCredential,
  rotateCredential,
  summarizePeppers,
} from '#services';
import { parseInstant, parseOptions, required } from '../arguments.js';
import { parseDuration } from '../duration.js';
import { EXIT } from '../exit.js';
import { print, printJson, remark } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate keys list`: the keys of an application, newest first. */
export async function keysList(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    application: { type: 'string' },
    organization: { type: 'string' },
    json: { type: 'boolean' },
  });
  const applicationName = required(options.application, '--application');
  const organizationName = options.organization ?? null;
  const { keys, now } = await withSession(async ({ context }) => ({
    keys: await listCredentials(context, await findApplicationNamed(context, { organizationName, applicationName })),
    now: context.clock.now(),
  }));
  if (options.json) await printJson(keys.map(shown));
  else for (const key of keys) await print(`${lineOf(key, now)}\n`);
  return EXIT.ok;
}

/** `tollgate keys rotate`: a successor that works at once; the old key ends after the overlap. */
export async function keysRotate(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    key: { type: 'string' },
    overlap: { type: 'string', default: '24h' },
    expires: { type: 'string' },
    json: { type: 'boolean' },
  });
  const shownKey = required(options.key, '--key');
  const overlapSeconds = parseDuration(options.overlap, '--overlap');
  const expiresAt = options.expires === undefined ? undefined : parseInstant(options.expires, '--expires');
  const rotated = await withSession(async ({ context, settings }) => {
    const { id: credentialId, organizationId } = await findCredential(context, shownKey);
    return rotateCredential(context, {
      organizationId,
      credentialId,
      overlapSeconds,
      ...(expiresAt && { expiresAt }),
      peppers: settings.KEY_PEPPERS,
      actor: CLI_ACTOR,
    });
  });
  const previousEndsAt = rotated.previous.expiresAt!.toISOString();
  if (options.json) await printJson({ key: rotated.key, credential: shown(rotated.credential), previousEndsAt });
  else await print(`${rotated.key}\n\nShown this once. The key before works until ${previousEndsAt}.\n`);
  return EXIT.ok;
}

/** `tollgate keys revoke`: ends a key at once. */
export async function keysRevoke(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { key: { type: 'string' } });
  const shownKey = required(options.key, '--key');
  const revoked = await withSession(async ({ context }) => {
    const { id: credentialId, organizationId } = await findCredential(context, shownKey);
    return revokeCredential(context, { organizationId, credentialId, actor: CLI_ACTOR });
  });
  remark(
    `${displayApiKey(revoked.mode, revoked.keyId)} (${revoked.name}) is revoked since ${revoked.revokedAt!.toISOString()}.`,
  );
  return EXIT.ok;
}

/** `tollgate keys peppers`: what hangs on each pepper; exit 1 when live keys have lost theirs. */
export async function keysPeppers(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { json: { type: 'boolean' } });
  const peppers = await withSession(({ context, settings }) => summarizePeppers(context, settings.KEY_PEPPERS));
  if (options.json) await printJson(peppers);
  for (const { pepperId, state, keys, liveKeys } of peppers) {
    if (!options.json) await print(`${pepperId}\t${state}\t${keys} keys, ${liveKeys} live\n`);
  }
  const lost = peppers.filter(({ state, liveKeys }) => state === 'missing' && liveKeys > 0);
  for (const { pepperId, liveKeys } of lost) {
    remark(`${liveKeys} live keys do not work: pepper ${pepperId} is not in KEY_PEPPERS. Put it back, or revoke them.`);
  }
  return lost.length > 0 ? EXIT.negative : EXIT.ok;
}

/** A key without what its hash is made of. */
function shown({ id, keyId, mode, name, createdAt, expiresAt, revokedAt, lastUsedAt, restrictions }: Credential) {
  const display = displayApiKey(mode, keyId);
  return { id, display, mode, name, createdAt, expiresAt, revokedAt, lastUsedAt, restrictions };
}

function lineOf(key: Credential, now: Date): string {
  const { name, expiresAt, revokedAt, lastUsedAt } = key;
  const hasExpired = expiresAt !== null && expiresAt <= now;
  const state = revokedAt
    ? 'revoked'
    : hasExpired
      ? 'expired'
      : expiresAt
        ? `until ${expiresAt.toISOString()}`
        : 'works';
  const used = lastUsedAt ? `used ${lastUsedAt.toISOString().slice(0, 16)}Z` : 'never used';
  return [displayApiKey(key.mode, key.keyId), state, used, name].join('\t');
}
