import fs from 'node:fs/promises';
import { importCredentials } from '#services';
import { parseOptions, required } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { parseKeyFile } from '../keys/parse-key-file.js';
import { printJson, remark } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate keys import`: takes over keys that another gateway has made; all or none, and none twice. */
export async function keysImport(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { file: { type: 'string', short: 'f' }, json: { type: 'boolean' } });
  const file = required(options.file, '-f FILE');
  const content = await fs.readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read (${error.code})`);
  });
  const keys = parseKeyFile(content);
  const result = await withSession(({ context }) => importCredentials(context, keys, CLI_ACTOR));
  if (options.json) await printJson(result);
  else remark(`Imported: ${result.imported}. There already: ${result.alreadyThere}.`);
  return EXIT.ok;
}
