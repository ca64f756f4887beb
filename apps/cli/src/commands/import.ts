import fs from 'node:fs/promises';
import path from 'node:path';
import { InvalidError } from '#domain';
import { parseOptions } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { describeRemarks } from '../import/import-report.js';
import { type ImportOptions, type ImportedCatalog, catalogText } from '../import/imported-catalog.js';
import { importKong } from '../import/kong/import-kong.js';
import { importIstio } from '../import/istio/import-istio.js';
import { readInput } from '../import/read-input.js';
import { print, printJson, remark } from '../output.js';

const COMMON = {
  out: { type: 'string', short: 'o' },
  publisher: { type: 'string', default: 'imported' },
  currency: { type: 'string', default: 'USD' },
  json: { type: 'boolean' },
} as const;

/** `tollgate import kong`: a declarative file of Kong as a catalogue file. */
export async function importFromKong([file, ...words]: readonly string[]): Promise<number> {
  const options = parseOptions(words, COMMON);
  const input = fileFrom(file);
  const documents = await readInput(input);
  if (documents.length > 1)
    throw new InvalidError('import_invalid', `${input} has ${documents.length} YAML documents; one of Kong has one.`);
  return write(importKong(documents[0], options), options, `Imported from ${path.basename(input)} of Kong.`);
}

function fileFrom(word: string | undefined): string {
  if (word === undefined || word.startsWith('-')) throw new UsageError('FILE is needed (--help shows how)');
  return word;
}

/** `tollgate import istio`: VirtualServices and DestinationRules of Istio as a catalogue file. */
export async function importFromIstio([file, ...words]: readonly string[]): Promise<number> {
  const { target = [], ...options } = parseOptions(words, {
    ...COMMON,
    organization: { type: 'string' },
    target: { type: 'string', multiple: true },
  });
  const input = fileFrom(file);
  const imported = importIstio(await readInput(input), {
    ...options,
    organization: options.organization,
    targets: targetsFrom(target),
  });
  return write(imported, options, `Imported from ${path.basename(input)} of Istio.`);
}

/** URLs by destination of `--target HOST/SUBSET=URL`; several of one are several targets. */
function targetsFrom(pairs: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const targets = new Map<string, string[]>();
  for (const pair of pairs) {
    const [, destination, url] = /^([^=\s]+)=(https?:\/\/\S+)$/.exec(pair) ?? [];
    if (!destination || !url || !URL.canParse(url) || new URL(url).pathname !== '/')
      throw new UsageError(`--target ${pair}: expected HOST/SUBSET=URL, such as reviews/v2=http://10.0.0.5:9080`);
    targets.set(destination, [...(targets.get(destination) ?? []), new URL(url).origin]);
  }
  return targets;
}

interface OutputOptions extends ImportOptions {
  readonly out?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Writes the catalogue to where it is wanted, and what is to be said of it to standard error. */
async function write(imported: ImportedCatalog, options: OutputOptions, head: string): Promise<number> {
  const { remarks } = imported.report;
  let text: string;
  try {
    text = catalogText(imported, options, head.replace(/\s+/g, ' '));
  } catch (error) {
    remark(describeRemarks(remarks));
    throw error;
  }
  if (options.out !== undefined) await writeNew(options.out, text);
  if (options.json) await printJson({ catalog: options.out === undefined ? text : null, remarks });
  else {
    if (options.out === undefined) await print(text);
    remark(describeRemarks(remarks));
  }
  return EXIT.ok;
}

/** Never writes over a file: somebody may have worked on it. */
async function writeNew(file: string, text: string): Promise<void> {
  try {
    await fs.writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(code === 'EEXIST' ? `${file} is there already` : `${file} cannot be written (${code})`);
  }
}
