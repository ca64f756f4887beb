import { rotateSecrets } from '#services';
import { parseOptions } from '../arguments.js';
import { EXIT } from '../exit.js';
import { remark } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate secrets rotate`: seals every stored secret again with the first of ENCRYPTION_KEYS. */
export async function secretsRotate(words: readonly string[]): Promise<number> {
  parseOptions(words, {});
  const count = await withSession(({ context, settings }) =>
    rotateSecrets(context, { encryptionKeys: settings.ENCRYPTION_KEYS, actor: CLI_ACTOR }),
  );
  remark(count === 0 ? 'Every secret is sealed with the current key.' : `${count} sealed again with the current key.`);
  return EXIT.ok;
}
