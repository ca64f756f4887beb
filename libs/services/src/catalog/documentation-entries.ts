import type { Guide } from '#domain';
import type { JsonValue, OpenApiDocument } from '#openapi';
import type { DocumentationEntry } from '#persistence';

/** Longer texts are searched by their beginning only. */
const MAX_TITLE = 1_000;
const MAX_BODY = 20_000;

/** What can be found of a version: its guides first, then its operations in the order of the document. */
export function documentationEntriesOf(
  { document, operations }: OpenApiDocument,
  guides: readonly Guide[],
): DocumentationEntry[] {
  return [
    ...guides.map(({ slug, title, markdown }) =>
      entry({ kind: 'guide', method: null, name: slug, operationId: null, title, body: markdown }),
    ),
    ...operations.map(({ method, template, operationId, summary }) =>
      entry({
        kind: 'operation',
        method,
        name: template,
        operationId,
        title: summary ?? '',
        body: textAt(document, ['paths', template, method.toLowerCase(), 'description']),
      }),
    ),
  ];
}

/** Without the character that Postgres has no form for. */
function entry(made: DocumentationEntry): DocumentationEntry {
  const clean = (text: string, maxLength: number) => text.slice(0, maxLength).replaceAll('\0', '');
  return {
    ...made,
    name: clean(made.name, MAX_BODY),
    operationId: made.operationId && clean(made.operationId, MAX_BODY),
    title: clean(made.title, MAX_TITLE),
    body: clean(made.body, MAX_BODY),
  };
}

function textAt(tree: JsonValue, path: readonly string[]): string {
  let value: JsonValue | undefined = tree;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return '';
    value = (value as Readonly<Record<string, JsonValue>>)[key];
  }
  return typeof value === 'string' ? value : '';
}
