import { createIngestToken, listIngestTokens, revokeIngestToken } from '#services';
import { parseOptions, required } from '../arguments.js';
import { EXIT } from '../exit.js';
import { print, printJson, remark } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate ingest-tokens create`: what a publisher team's systems report usage with. */
export async function ingestTokensCreate(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    publisher: { type: 'string' },
    name: { type: 'string', default: 'Made at the command line' },
    json: { type: 'boolean' },
  });
  const publisher = required(options.publisher, '--publisher');
  const created = await withSession(({ context, settings }) =>
    createIngestToken(context, { publisher, name: options.name, peppers: settings.KEY_PEPPERS, actor: CLI_ACTOR }),
  );
  if (options.json) await printJson(created);
  else
    await print(
      `${created.token}\n\nShown this once. It reports usage for the products of ${publisher}, and opens nothing else.\n`,
    );
  return EXIT.ok;
}

/** `tollgate ingest-tokens list`: without their secrets. */
export async function ingestTokensList(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { json: { type: 'boolean' } });
  const tokens = await withSession(({ context }) => listIngestTokens(context));
  if (options.json) await printJson(tokens);
  else {
    const state = (at: Date | null) => (at === null ? '-' : at.toISOString());
    for (const { tokenId, publisher, name, lastUsedAt, revokedAt } of tokens)
      await print(`tgi_${tokenId}\t${publisher}\t${name}\tused ${state(lastUsedAt)}\trevoked ${state(revokedAt)}\n`);
  }
  return EXIT.ok;
}

/** `tollgate ingest-tokens revoke` */
export async function ingestTokensRevoke(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { token: { type: 'string' } });
  const [, tokenId = ''] = /^(?:tgi_)?([0-9A-Za-z]{12})/.exec(required(options.token, '--token')) ?? [];
  await withSession(({ context }) => revokeIngestToken(context, { tokenId, actor: CLI_ACTOR }));
  remark(`tgi_${tokenId} reports nothing any more.`);
  return EXIT.ok;
}
