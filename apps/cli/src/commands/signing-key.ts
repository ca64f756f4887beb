import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '#domain';
import { rotateSigningKey } from '#services';
import { parseOptions } from '../arguments.js';
import { parseDuration } from '../duration.js';
import { EXIT, UsageError } from '../exit.js';
import { printJson, remark } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate signing-key rotate`: makes a new key for tokens to upstreams. */
export async function signingKeyRotate(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    algorithm: { type: 'string' },
    lead: { type: 'string' },
    'revoke-others': { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const { algorithm = 'EdDSA', lead } = options;
  if (!isKnown(algorithm))
    throw new UsageError(`--algorithm ${algorithm}: expected ${SIGNING_ALGORITHMS.join(' or ')}`);
  const revokesOthers = options['revoke-others'] ?? false;
  if (revokesOthers && lead !== undefined) throw new UsageError('--lead: a key that is revoked is replaced at once');
  const key = await withSession(({ context, settings }) =>
    rotateSigningKey(context, {
      algorithm,
      ...(lead !== undefined && { leadSeconds: parseDuration(lead, '--lead') }),
      revokesOthers,
      encryptionKeys: settings.ENCRYPTION_KEYS,
      actor: CLI_ACTOR,
    }),
  );
  const activeFrom = key.activeFrom.toISOString();
  if (options.json) await printJson({ keyId: key.id, algorithm, activeFrom });
  else remark(`Key ${key.id} (${algorithm}) is published and signs from ${activeFrom}.`);
  return EXIT.ok;
}

function isKnown(algorithm: string): algorithm is SigningAlgorithm {
  return (SIGNING_ALGORITHMS as readonly string[]).includes(algorithm);
}
