import { type FoundEntry, MATCH_END, MATCH_START, searchDocumentation } from '#persistence';
import type { ServiceContext } from '../context.js';

const MAX_WORDS = 8;
const MAX_WORD_LENGTH = 40;

const MATCH = MATCH_START + MATCH_END;
/** Marks at the edges of words; what was searched for has marks of its own around it. */
const BEFORE_WORDS = new RegExp(`(^|[\\s${MATCH}("'])(?:[*_\`~#>|]+|[-+](?=\\s)|:?-{2,}:?)+`, 'g');
const AFTER_WORDS = new RegExp(`[*_\`~|]+(?=[\\s${MATCH}.,;:!?)"']|$)`, 'g');

/** A part of a text, and whether it is what was searched for. */
export interface ExcerptPart {
  readonly text: string;
  readonly isMatch: boolean;
}

/** An operation or a guide that matches. */
export interface DocumentationHit extends Omit<FoundEntry, 'excerpt'> {
  readonly excerpt: readonly ExcerptPart[];
}

/**
 * Operations and guides whose texts have all the words, each also as the beginning of a longer one; the best first. Without
 * `api` of every API in its latest version. Nothing for a text without a letter or digit. Drafts are never found.
 */
export async function findInDocumentation(
  context: ServiceContext,
  {
    text,
    limit,
    api = null,
    version = null,
  }: { text: string; limit: number; api?: string | null; version?: string | null },
): Promise<DocumentationHit[]> {
  const words = wordsOf(text);
  if (words.length === 0) return [];
  const found = await context.unitOfWork.inSystem((transaction) =>
    searchDocumentation(transaction, { words, api, version, limit }),
  );
  return found.map((entry) => ({ ...entry, excerpt: partsOf(withoutMarks(entry.excerpt)) }));
}

/** The words of a search: letters and digits, split at capitals as names in code are; at most eight. */
export function wordsOf(text: string): string[] {
  const split = text.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return (split.match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, MAX_WORDS).map((word) => word.slice(0, MAX_WORD_LENGTH));
}

/**
 * A part of a Markdown text without its marks: fences, headings, quotes, lists, tables, emphasis, code, and links without where
 * they lead. It may begin or end in the middle of any of these. Signs inside words stay: snake_case, 2*3, a|b.
 */
export function withoutMarks(excerpt: string): string {
  return excerpt
    .replace(/```[\w-]*/g, ' ')
    .replace(/!?\[([^[\]]*)\]\([^)\s]*(?:\)|$)/g, '$1')
    .replace(/^[^[\]()\s]*\]\([^)\s]*\)/, '')
    .replace(/<\/?[a-z][^<>]*>/gi, ' ')
    .replace(BEFORE_WORDS, '$1')
    .replace(AFTER_WORDS, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function partsOf(excerpt: string): ExcerptPart[] {
  const parts = excerpt.split(MATCH_START).flatMap((part, index): ExcerptPart[] => {
    if (index === 0) return [{ text: part, isMatch: false }];
    const end = part.indexOf(MATCH_END);
    return [
      { text: part.slice(0, end), isMatch: true },
      { text: part.slice(end + 1), isMatch: false },
    ];
  });
  return parts.filter(({ text }) => text !== '');
}
