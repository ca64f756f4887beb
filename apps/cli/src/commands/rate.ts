import { readFile } from 'node:fs/promises';
import { TollgateError } from '#domain';
import { ZodError } from 'zod';
import { parseOptions, required } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { printJson } from '../output.js';
import { rateCase } from '../rating/rate-case.js';
import { type ReadCase, readCases } from '../rating/read-cases.js';

/** `tollgate rate`: what Tollgate charges for each case of a file, one JSON line a case; exit 1 when one is refused. */
export async function rate(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { cases: { type: 'string' } });
  let refused = false;
  for (const read of await casesOf(required(options.cases, '--cases'))) {
    const answer = answerTo(read);
    if ('error' in answer) refused = true;
    await printJson(answer);
  }
  return refused ? EXIT.negative : EXIT.ok;
}

async function casesOf(file: string): Promise<readonly ReadCase[]> {
  try {
    return readCases(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof ZodError)
      throw new UsageError(`${file}: expected JSON with a list of cases, under "cases" or alone.`);
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UsageError(`${file}: there is no such file.`);
    if (code !== undefined) throw new UsageError(`${file}: it cannot be read (${code}).`);
    throw error;
  }
}

function answerTo(read: ReadCase): { id: string; amount: string } | { id: string; error: string } {
  if ('error' in read) return read;
  try {
    return { id: read.id, amount: rateCase(read.rated) };
  } catch (error) {
    if (error instanceof TollgateError) return { id: read.id, error: error.message };
    throw error;
  }
}
