import { parseApiKey } from '#domain';
import { usageByKey } from '#services';
import { parseOptions, required } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson } from '../output.js';
import { withSession } from '../session.js';

/** `tollgate usage`: what a key has used, with the request ids behind it. */
export async function usage(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { key: { type: 'string' }, json: { type: 'boolean' } });
  const keyId = keyIdOf(required(options.key, '--key'));
  const result = await withSession(({ context }) => usageByKey(context, { keyId }));
  if (options.json) await printJson(result);
  else {
    const units = Object.entries(result.billedQuantities).map(([meter, quantity]) => `  ${meter}: ${quantity}\n`);
    await print(`${result.billedCount} billed requests of ${result.eventCount}\n${units.join('')}`);
  }
  return EXIT.ok;
}

/** Accepts a whole key, its public beginning (tg_live_…), or the bare id. */
function keyIdOf(text: string): string {
  const id = parseApiKey(text)?.keyId ?? /^(?:tg_(?:live|test)_)?([0-9A-Za-z]{12})$/.exec(text)?.[1];
  if (!id) throw new UsageError('--key: expected an API key, or its beginning such as tg_live_AbCdEf123456');
  return id;
}
