import { TollgateError } from '#domain';
import type { DocumentChange, DocumentDiff } from '#openapi';
import { diffDocuments } from '#openapi';
import { compareVersions, countBySeverity } from '#services';
import { parseOptions, required } from '../arguments.js';
import { loadDocument } from '../catalog/load-catalog-file.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson } from '../output.js';
import { withSession } from '../session.js';

const LABELS = { breaking: 'breaking', non_breaking: 'not breaking', docs: 'docs only' } as const;

/**
 * `tollgate docs diff`: what changed between two OpenAPI files, or two versions of an API that is live. Exit 1 when some of
 * it breaks callers, so that a pipeline can stop there.
 */
export async function docsDiff(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    from: { type: 'string' },
    to: { type: 'string' },
    api: { type: 'string' },
    json: { type: 'boolean' },
    quiet: { type: 'boolean' },
  });
  const to = required(options.to, '--to');
  const diff =
    options.api === undefined
      ? await diffFiles(required(options.from, '--from'), to)
      : await diffVersions(options.api, options.from ?? null, to);
  const counts = countBySeverity(diff.changes);
  if (options.json) await printJson({ counts, isCutShort: diff.isCutShort, changes: diff.changes });
  else if (!options.quiet) await print(describe(diff));
  return counts.breaking > 0 ? EXIT.negative : EXIT.ok;
}

async function diffFiles(from: string, to: string): Promise<DocumentDiff> {
  try {
    const [older, newer] = [await loadDocument(from), await loadDocument(to)];
    return diffDocuments(older.document, newer.document);
  } catch (error) {
    // Exit 1 says "breaking", so that a file which cannot be compared must not look like one.
    if (error instanceof TollgateError) throw new UsageError(`${error.message} (${error.code})`, { cause: error });
    throw error;
  }
}

function diffVersions(api: string, from: string | null, to: string): Promise<DocumentDiff> {
  return withSession(({ context }) => compareVersions(context, { api, from, to }));
}

function describe({ changes, isCutShort }: DocumentDiff): string {
  if (changes.length === 0) return 'No difference that callers can notice.\n';
  const groups = Map.groupBy(changes, ({ operation }) =>
    operation ? `${operation.method} ${operation.template}` : 'The API as a whole',
  );
  const parts = [...groups].map(([name, group]) => `${name}\n${group.map(lineOf).join('')}`);
  const { breaking, non_breaking, docs } = countBySeverity(changes);
  const more = isCutShort ? ' There are more than are shown.' : '';
  return `${parts.join('')}${breaking} breaking, ${non_breaking} not breaking, ${docs} docs only.${more}\n`;
}

function lineOf({ severity, place, message }: DocumentChange): string {
  return `    ${LABELS[severity].padEnd(12)} ${place === '' ? '' : `${place}: `}${message}\n`;
}
