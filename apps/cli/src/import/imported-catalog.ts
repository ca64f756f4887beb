import { InvalidError } from '#domain';
import { catalogFileSchema } from '#services';
import { stringify } from 'yaml';
import type { ImportReport } from './import-report.js';

export interface ImportOptions {
  /** Slug of the team that the APIs are of. */
  readonly publisher: string;
  /** Of the plans. */
  readonly currency: string;
}

/** What an import makes of a file, in the form of a catalogue file. */
export interface ImportedCatalog {
  readonly report: ImportReport;
  readonly apis: readonly Readonly<Record<string, unknown>>[];
  readonly products: readonly Readonly<Record<string, unknown>>[];
}

/**
 * The catalogue file, as YAML that `tollgate apply` takes.
 * @throws InvalidError `import_empty` when nothing could be carried over, `import_invalid` when a value of the input is none that a
 * catalogue may have
 */
export function catalogText({ apis, products }: ImportedCatalog, { publisher }: ImportOptions, head: string): string {
  if (apis.length === 0) throw new InvalidError('import_empty', 'Nothing of the file can be carried over.');
  const file = { tollgate: 1, publishers: [{ slug: publisher, name: publisher }], apis, products };
  const { error } = catalogFileSchema.safeParse(file);
  const faults = (error?.issues ?? []).map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  const text = stringify(file, { lineWidth: 0, aliasDuplicateObjects: false });
  const variable = /\$\{[A-Za-z][A-Za-z0-9_]*\}/.exec(text);
  if (variable) faults.push(`  ${variable[0]} in a text would be taken for a variable of --set`);
  if (faults.length > 0)
    throw new InvalidError(
      'import_invalid',
      `What the file says cannot be in a catalogue:\n${faults.slice(0, 50).join('\n')}`,
    );
  return `# ${head}\n${text}`;
}
