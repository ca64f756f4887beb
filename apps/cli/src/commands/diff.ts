import { TollgateError } from '#domain';
import { type ChangeInPlaces, applyCatalog, catalogDigest, inPlaces } from '#services';
import { parseOptions, required } from '../arguments.js';
import { loadCatalogFile } from '../catalog/load-catalog-file.js';
import { type SentCatalog, sendCatalog } from '../catalog/send-catalog.js';
import { VARIABLE_OPTIONS, variablesFrom } from '../catalog/variables.js';
import { differenceLines } from '../differences.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** Longer texts are cut: a description is not read in a terminal. */
const MAX_SHOWN = 120;

/**
 * `tollgate diff`: where a catalogue file and what is live differ, field by field. Does all that `apply` does and takes it back, so
 * that the two never disagree. Exit code 0 for no difference, 1 for some, 2 for a file that
 * cannot be compared.
 */
export async function diff(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    file: { type: 'string', short: 'f' },
    ...VARIABLE_OPTIONS,
    remote: { type: 'boolean' },
    json: { type: 'boolean' },
    quiet: { type: 'boolean' },
  });
  const file = required(options.file, '-f FILE');
  const { digest, changes } = await compare(file, variablesFrom(options), options.remote ?? false);
  if (options.json) await printJson({ differs: changes.length > 0, digest, changes });
  else if (!options.quiet) await print(describe(changes));
  return changes.length === 0 ? EXIT.ok : EXIT.negative;
}

async function compare(file: string, variables: ReadonlyMap<string, string>, isRemote: boolean): Promise<SentCatalog> {
  try {
    if (isRemote) return await sendCatalog(file, variables, { dryRun: true });
    const loaded = await loadCatalogFile(file, variables);
    return await withSession(async ({ context, settings }) => {
      const input = { ...loaded, encryptionKeys: settings.ENCRYPTION_KEYS };
      const changes = await applyCatalog(context, {
        ...input,
        allowsPrivateUpstreams: settings.UPSTREAM_ALLOW_PRIVATE,
        allowsUnverifiedUpstreams: settings.UPSTREAM_ALLOW_UNVERIFIED_TLS,
        allowsTargetFiles: settings.UPSTREAM_TARGETS_DIR !== undefined,
        dryRun: true,
        actor: CLI_ACTOR,
      });
      return { digest: catalogDigest(input, changes), changes: changes.map(inPlaces) };
    });
  } catch (error) {
    if (error instanceof TollgateError) throw new UsageError(`${error.message} (${error.code})`, { cause: error });
    throw error;
  }
}

function describe(changes: readonly ChangeInPlaces[]): string {
  if (changes.length === 0) return 'No difference: what is live is what the file says.\n';
  const marks = { create: '+', update: '~', publish: '~', retire: '−', delete: '−', keep: '=' } as const;
  const parts = changes.map(({ action, noun, name, remarks, differences }) => {
    const mark = action === 'publish' && differences.length === 0 ? '+' : marks[action];
    const shown = differences.map(({ path, from, to }) => ({ path, from: cut(from), to: cut(to) }));
    return `${mark} ${noun} ${name}\n${remarks.map((remark) => `    ! ${remark}\n`).join('')}${differenceLines(shown)}`;
  });
  const count = changes.length === 1 ? '1 thing differs' : `${changes.length} things differ`;
  return `${parts.join('')}${count}. Nothing was changed; "tollgate apply" makes it as the file says.\n`;
}

function cut(text: string | null): string | null {
  return text !== null && text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 1)}…` : text;
}
