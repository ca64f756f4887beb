import { isUtf8 } from 'node:buffer';
import fs from 'node:fs/promises';
import { InvalidError } from '#domain';
import { MAX_DOCUMENT_BYTES, OpenApiDocumentError, parseSource } from '#openapi';
import { UsageError } from '../exit.js';

const MAX_DOCUMENTS = 1_000;

/**
 * The YAML documents of a file that somebody else has written: parsed in a thread of its own, within bounds of size, depth, values,
 * aliases and time. @throws InvalidError `import_unreadable`
 */
export async function readInput(file: string): Promise<readonly unknown[]> {
  const text = await readText(file);
  // At the start of a line these are the mark between documents, whatever is around them (YAML 1.2 §9.1.2).
  const sources = text.split(/^---(?=\s|$)/m).filter((source) => source.replace(/^\s*#.*$/gm, '').trim() !== '');
  if (sources.length === 0) throw new InvalidError('import_unreadable', `${file} is empty.`);
  if (sources.length > MAX_DOCUMENTS)
    throw new InvalidError(
      'import_unreadable',
      `${file} has ${sources.length} documents; at most ${MAX_DOCUMENTS} are read.`,
    );
  const documents: unknown[] = [];
  for (const source of sources) documents.push(await parse(file, source));
  return documents;
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await fs.stat(file);
    if (size > MAX_DOCUMENT_BYTES)
      throw new InvalidError('import_unreadable', `${file} has ${size} bytes; at most ${MAX_DOCUMENT_BYTES} are read.`);
    const content = await fs.readFile(file);
    if (!isUtf8(content)) throw new InvalidError('import_unreadable', `${file} is no text in UTF-8.`);
    return content.toString('utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof InvalidError) throw error;
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

async function parse(file: string, source: string): Promise<unknown> {
  try {
    return await parseSource(source);
  } catch (error) {
    if (!(error instanceof OpenApiDocumentError)) throw error;
    throw new InvalidError('import_unreadable', `${file}: ${error.message}`, { cause: error });
  }
}
