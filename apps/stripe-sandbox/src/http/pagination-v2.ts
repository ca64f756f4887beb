import { integer, text, type ParamReader } from './params.js';
import { invalidRequest } from './stripe-fault.js';

const mostInPage = 100;
const usualInPage = 20;

const pageSize: ParamReader<number> = (node, path) => {
  const value = integer(node, path);
  if (value < 1 || value > mostInPage) throw invalidRequest(`The limit must be from 1 to ${mostInPage}.`, path);
  return value;
};

/** `page` is what an earlier answer's `next_page_url` has; nobody else makes one. */
export const pageReaders = { limit: pageSize, page: text(100) };

interface Page {
  readonly limit?: number;
  readonly page?: string;
}

/**
 * A page of a list of version 2 of the API, which names the pages beside it by their URLs. `objects` come newest first, and a
 * page begins after an object, so that what is new since changes nothing in it.
 */
export function pageOf<T extends { readonly id: string }>(
  objects: readonly T[],
  path: string,
  filters: URLSearchParams,
  { limit = usualInPage, page }: Page,
): { readonly data: readonly T[]; readonly next_page_url: string | null; readonly previous_page_url: string | null } {
  const start = page === undefined ? 0 : startOf(objects, page);
  const end = Math.min(objects.length, start + limit);
  const urlOf = (token: string): string => {
    const query = new URLSearchParams(filters);
    query.set('limit', String(limit));
    query.set('page', token);
    return `${path}?${query.toString()}`;
  };
  const previous = Math.max(0, start - limit);
  return {
    data: objects.slice(start, end),
    next_page_url: end < objects.length ? urlOf(`after_${objects[end - 1]!.id}`) : null,
    previous_page_url: start === 0 ? null : urlOf(previous === 0 ? 'first' : `after_${objects[previous - 1]!.id}`),
  };
}

function startOf(objects: readonly { readonly id: string }[], page: string): number {
  if (page === 'first') return 0;
  const position = objects.findIndex(({ id }) => `after_${id}` === page);
  if (position < 0) throw invalidRequest('This page is not there any more. Begin with the first.', 'page');
  return position + 1;
}
