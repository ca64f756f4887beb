import { hash, integer, text, type ParamReader } from './params.js';
import { invalidRequest, noSuch } from './stripe-fault.js';

export interface Page {
  readonly limit?: number;
  readonly starting_after?: string;
  readonly ending_before?: string;
}

export const paginationReaders = { limit: pageSize, starting_after: text(), ending_before: text() };

/** A page of `objects`, which come newest first: 10 unless `limit` says otherwise. */
export function paginate<T extends { readonly id: string }>(
  objects: readonly T[],
  noun: string,
  page: Page,
): { readonly data: readonly T[]; readonly hasMore: boolean } {
  const limit = page.limit ?? 10;
  if (page.starting_after !== undefined && page.ending_before !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: ending_before, starting_after.');
  }
  if (page.ending_before !== undefined) {
    const end = positionOf(objects, noun, page.ending_before, 'ending_before');
    const start = Math.max(0, end - limit);
    return { data: objects.slice(start, end), hasMore: start > 0 };
  }
  const start =
    page.starting_after === undefined ? 0 : positionOf(objects, noun, page.starting_after, 'starting_after') + 1;
  return { data: objects.slice(start, start + limit), hasMore: start + limit < objects.length };
}

function positionOf(objects: readonly { readonly id: string }[], noun: string, id: string, param: string): number {
  const position = objects.findIndex((object) => object.id === id);
  if (position < 0) throw noSuch(noun, id, param);
  return position;
}

function pageSize(...[node, path]: Parameters<ParamReader<number>>): number {
  const value = integer(node, path);
  if (value > 100) {
    throw invalidRequest(`This value must be less than or equal to 100 (it currently is '${value}').`, path);
  }
  if (value < 1)
    throw invalidRequest(`This value must be greater than or equal to 1 (it currently is '${value}').`, path);
  return value;
}

/** `created=…` or `created[gte]=…`; reads as a test of a time in Unix seconds. */
export const createdFilter: ParamReader<(created: number) => boolean> = (node, path) => {
  if (typeof node === 'string') {
    const exact = integer(node, path);
    return (created) => created === exact;
  }
  const range = hash({ gt: integer, gte: integer, lt: integer, lte: integer })(node, path);
  return (created) =>
    created > (range.gt ?? -Infinity) &&
    created >= (range.gte ?? -Infinity) &&
    created < (range.lt ?? Infinity) &&
    created <= (range.lte ?? Infinity);
};
