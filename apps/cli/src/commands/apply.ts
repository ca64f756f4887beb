import { type CatalogChange, type ChangeInPlaces, applyCatalog, catalogJsonSchema } from '#services';
import { parseOptions, required } from '../arguments.js';
import { loadCatalogFile } from '../catalog/load-catalog-file.js';
import { sendCatalog } from '../catalog/send-catalog.js';
import { VARIABLE_OPTIONS, variablesFrom } from '../catalog/variables.js';
import { differenceLines } from '../differences.js';
import { EXIT } from '../exit.js';
import { print, printJson } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/**
 * `tollgate apply`: makes the catalogue what a file says, and prints the difference; with --remote through the portal, which
 * changes what is of one's own publisher teams. With --expect and the digest of `tollgate diff --json` it makes just that difference.
 */
export async function apply(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    file: { type: 'string', short: 'f' },
    ...VARIABLE_OPTIONS,
    remote: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    expect: { type: 'string' },
    json: { type: 'boolean' },
    quiet: { type: 'boolean' },
  });
  const file = required(options.file, '-f FILE');
  const dryRun = options['dry-run'] ?? false;
  const expected = options.expect === undefined ? {} : { expectedDigest: options.expect };
  if (options.remote) {
    const { changes: made } = await sendCatalog(file, variablesFrom(options), { dryRun, ...expected });
    if (options.json) await printJson({ dryRun, changes: made });
    else if (!options.quiet) await print(describe(made, dryRun, ({ differences }) => differenceLines(differences)));
    return EXIT.ok;
  }
  const loaded = await loadCatalogFile(file, variablesFrom(options));
  const changes = await withSession(({ context, settings }) =>
    applyCatalog(context, {
      ...loaded,
      encryptionKeys: settings.ENCRYPTION_KEYS,
      allowsPrivateUpstreams: settings.UPSTREAM_ALLOW_PRIVATE,
      allowsUnverifiedUpstreams: settings.UPSTREAM_ALLOW_UNVERIFIED_TLS,
      allowsTargetFiles: settings.UPSTREAM_TARGETS_DIR !== undefined,
      ...expected,
      dryRun,
      actor: CLI_ACTOR,
    }),
  );
  if (options.json) await printJson({ dryRun, changes });
  else if (!options.quiet) await print(describe(changes, dryRun, fieldLines));
  return EXIT.ok;
}

/** `tollgate catalog schema`: the JSON Schema of the file that `apply` reads. */
export async function catalogSchema(): Promise<number> {
  await print(`${JSON.stringify(catalogJsonSchema(), null, 2)}\n`);
  return EXIT.ok;
}

/** A line for each thing that changes, with what `linesOf` says of it. */
function describe<Change extends CatalogChange | ChangeInPlaces>(
  changes: readonly Change[],
  dryRun: boolean,
  linesOf: (change: Change) => string,
): string {
  const made = changes.filter(({ action }) => action !== 'keep').length;
  if (changes.length === 0) return 'Nothing to change: the catalogue is as the file says.\n';
  const marks = { create: '+', update: '~', publish: '+', retire: '-', delete: '-', keep: '=' } as const;
  const parts = changes.map((change) => {
    const remarks = (change.remarks ?? []).map((remark) => `    ! ${remark}\n`).join('');
    return `${marks[change.action]} ${change.noun} ${change.name}\n${remarks}${linesOf(change)}`;
  });
  const count = made === 1 ? '1 change' : `${made} changes`;
  return `${parts.join('')}${dryRun ? `${count} to make; nothing was changed (--dry-run).` : `${count} made.`}\n`;
}

function fieldLines({ fields }: CatalogChange): string {
  return fields.map((field) => `    ${field.field}: ${shorten(field.from)} → ${shorten(field.to)}\n`).join('');
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
