interface QueryProgress {
  readonly data: unknown;
  readonly errorUpdateCount: number;
}

/** Nothing to show, and at least one try has failed; also while a page that renews itself tries again. */
export function hasFailed({ data, errorUpdateCount }: QueryProgress): boolean {
  return data === undefined && errorUpdateCount > 0;
}

/** There is something to show, be it the failure: what stands below has its place. */
export function isSettled(query: QueryProgress): boolean {
  return query.data !== undefined || hasFailed(query);
}

interface PagesState {
  readonly state: { readonly data: { readonly pages: readonly unknown[] } | undefined };
}

/** Renews a list by itself until someone has gone on to its second page: then all of its pages would be read again. */
export function whileOnFirstPage(everyMs: number): (query: PagesState) => number | false {
  return ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : everyMs);
}
