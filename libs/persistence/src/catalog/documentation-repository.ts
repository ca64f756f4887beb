import type { Transaction } from '../database/unit-of-work.js';

/** An operation or a guide of a version, as it is found. */
export interface DocumentationEntry {
  readonly kind: 'operation' | 'guide';
  /** Null for a guide. */
  readonly method: string | null;
  /** The path template, or the slug of the guide. */
  readonly name: string;
  readonly operationId: string | null;
  readonly title: string;
  /** Markdown. */
  readonly body: string;
}

/** An entry that matches, with where it is. */
export interface FoundEntry extends Omit<DocumentationEntry, 'body'> {
  readonly api: { readonly slug: string; readonly title: string };
  readonly version: string;
  /** A part of the text, with `MATCH_START` and `MATCH_END` around what matches. */
  readonly excerpt: string;
}

/** Marks that no text of a document has, as Postgres takes them from both. */
export const MATCH_START = '\u0002';
export const MATCH_END = '\u0003';

/** Puts entries in the place of those that a version has. */
export async function replaceDocumentationEntries(
  transaction: Transaction,
  apiVersionId: string,
  entries: readonly DocumentationEntry[],
): Promise<void> {
  await transaction.query('DELETE FROM documentation_entry WHERE api_version_id = $1', [apiVersionId]);
  await transaction.query(
    `INSERT INTO documentation_entry (api_version_id, position, kind, method, name, operation_id, title, body)
     SELECT $1, ordinality - 1, entry ->> 'kind', entry ->> 'method', entry ->> 'name', entry ->> 'operationId',
            entry ->> 'title', entry ->> 'body'
     FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS one (entry, ordinality)`,
    [apiVersionId, JSON.stringify(entries)],
  );
}

/**
 * The operations and guides that have all the words, each as the beginning of a word, the best first. Of each API only the
 * version that `latest` stands for, or the one that is asked for.
 */
export function searchDocumentation(
  transaction: Transaction,
  {
    words,
    api,
    version,
    limit,
  }: {
    readonly words: readonly string[];
    readonly api: string | null;
    readonly version: string | null;
    readonly limit: number;
  },
): Promise<FoundEntry[]> {
  // Words are letters and digits only, so that none of them can be an operator.
  const query = words.map((word) => `${word}:*`).join(' & ');
  return transaction.query<FoundEntry>(
    `WITH version AS (
       SELECT *, row_number() OVER (PARTITION BY api_id ORDER BY state = 'published' DESC, position DESC) = 1 AS latest
       FROM api_version WHERE state <> 'draft'),
     found AS (
       SELECT entry.*, version.name AS version, api.slug, api.title AS api_title, ts_rank_cd(search, query) AS rank, query
       FROM to_tsquery('english', $1) AS query, documentation_entry AS entry
         JOIN version ON version.id = entry.api_version_id JOIN api ON api.id = version.api_id
       WHERE search @@ query AND ($2::text IS NULL OR api.slug = $2)
         AND (CASE WHEN $3::text IS NULL OR $3 = 'latest' THEN version.latest ELSE version.name = $3 END)
       ORDER BY rank DESC, api.slug, entry.position LIMIT $4)
     SELECT kind, method, found.name, operation_id AS "operationId", title, version,
            json_build_object('slug', slug, 'title', api_title) AS api,
            ts_headline('english', translate(body, $5, ''), query,
              'MaxFragments=1, MaxWords=24, MinWords=8, StartSel=' || left($5, 1) || ', StopSel=' || right($5, 1)) AS excerpt
     FROM found ORDER BY rank DESC, slug, position`,
    [query, api, version, limit, MATCH_START + MATCH_END],
  );
}
