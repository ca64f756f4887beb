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
