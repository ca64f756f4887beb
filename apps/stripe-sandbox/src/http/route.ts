import type { Call } from '../sandbox.js';
import { paginate, paginationReaders, type Page } from './pagination.js';
import { list, text, type ParamReaders, type Params } from './params.js';

/** One endpoint. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As documented, with at most two `{id}`. */
  readonly path: string;
  readonly pattern: RegExp;
  readonly readers: ParamReaders;
  /** The object that is the answer; `id` is the first id in the path and `childId` the second, or empty. */
  run(call: Call, params: Params<ParamReaders>, id: string, childId: string): object;
}

/** Answers to DELETE are stubs, with nothing to expand, and version 2 of the API has no such parameter. */
const expandable = { expand: list(text()) };

/** An endpoint that answers with one object. `expand` is read and applied for all that are not a DELETE. */
export function route<R extends ParamReaders>(
  method: Route['method'],
  path: string,
  readers: R,
  run: (call: Call, params: Params<R>, id: string, childId: string) => object,
): Route {
  const pattern = new RegExp(`^${path.replaceAll('{id}', '([^/]+)')}$`);
  return {
    method,
    path,
    pattern,
    readers: method === 'DELETE' || path.startsWith('/v2/') ? readers : { ...readers, ...expandable },
    run: run as Route['run'],
  };
}

/** An endpoint that answers with a page of a list. `select` yields all that match, newest first. */
export function listRoute<R extends ParamReaders, T extends { readonly id: string }>(
  path: string,
  noun: string,
  readers: R,
  select: (call: Call, params: Params<R>, id: string) => readonly T[],
  render: (call: Call, object: T) => object = (_call, object) => object,
): Route {
  return route('GET', path, { ...readers, ...paginationReaders }, (call, params, id) => {
    const selected = select(call, params as Params<R>, id);
    const { data, hasMore } = paginate(selected, noun, params as Page);
    return {
      object: 'list',
      data: data.map((object) => render(call, object)),
      has_more: hasMore,
      url: path.replace('{id}', id),
    };
  });
}
