import { purgeResponseCache } from '#services';
import { parseOptions, required } from '../arguments.js';
import { EXIT } from '../exit.js';
import { print } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate cache purge`: every gateway forgets the answers of an API that it keeps. */
export async function cachePurge(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    api: { type: 'string' },
    version: { type: 'string' },
    path: { type: 'string' },
  });
  const api = required(options.api, '--api');
  const target = { api, version: options.version ?? null, path: options.path ?? null };
  const versions = await withSession(({ context }) =>
    purgeResponseCache(context, { ...target, publisherUserId: null, actor: CLI_ACTOR }),
  );
  await print(`The gateways forget ${options.path ?? 'all answers'} of ${api} (${versions} versions).\n`);
  return EXIT.ok;
}
