import { type CatalogChange, applyCatalog, catalogJsonSchema } from '#services';
import { parseOptions, required } from '../arguments.js';
import { loadCatalogFile } from '../catalog/load-catalog-file.js';
import { VARIABLE_OPTIONS, variablesFrom } from '../catalog/variables.js';
import { EXIT } from '../exit.js';
import { print, printJson } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate apply`: makes the catalogue what a file says, and prints the difference. */
export async function apply(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    file: { type: 'string', short: 'f' },
    ...VARIABLE_OPTIONS,
    'dry-run': { type: 'boolean' },
    json: { type: 'boolean' },
    quiet: { type: 'boolean' },
  });
  const loaded = await loadCatalogFile(required(options.file, '-f FILE'), variablesFrom(options));
  const dryRun = options['dry-run'] ?? false;
  const changes = await withSession(({ context, settings }) =>
    applyCatalog(context, {
      ...loaded,
      encryptionKeys: settings.ENCRYPTION_KEYS,
      allowsPrivateUpstreams: settings.UPSTREAM_ALLOW_PRIVATE,
      allowsUnverifiedUpstreams: settings.UPSTREAM_ALLOW_UNVERIFIED_TLS,
      allowsTargetFiles: settings.UPSTREAM_TARGETS_DIR !== undefined,
      dryRun,
      actor: CLI_ACTOR,
    }),
  );
  if (options.json) await printJson({ dryRun, changes });
  else if (!options.quiet) await print(describe(changes, dryRun));
  return EXIT.ok;
}

/** `tollgate catalog schema`: the JSON Schema of the file that `apply` reads. */
export async function catalogSchema(): Promise<number> {
  await print(`${JSON.stringify(catalogJsonSchema(), null, 2)}\n`);
  return EXIT.ok;
}

function describe(changes: readonly CatalogChange[], dryRun: boolean): string {
  const made = changes.filter(({ action }) => action !== 'keep').length;
  if (changes.length === 0) return 'Nothing to change: the catalogue is as the file says.\n';
  const marks = { create: '+', update: '~', publish: '+', retire: '-', delete: '-', keep: '=' } as const;
  const lines = changes.flatMap((change) => [
    `${marks[change.action]} ${change.noun} ${change.name}`,
    ...(change.remarks ?? []).map((remark) => `    ! ${remark}`),
    ...change.fields.map((field) => `    ${field.field}: ${shorten(field.from)} → ${shorten(field.to)}`),
  ]);
  const count = made === 1 ? '1 change' : `${made} changes`;
  return `${lines.join('\n')}\n${dryRun ? `${count} to make; nothing was changed (--dry-run).` : `${count} made.`}\n`;
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
