import { getRouteApi } from '@tanstack/react-router';
import type { UsageGrouping } from '../../api/types.js';
import type { BreakdownChoice, ExplorerFilter, RequestLogFilter } from '../../api/usage.js';
import type { UsageSearch } from '../../router/search.js';
import { usageRanges } from '../../usage/series.js';

const route = getRouteApi('/dashboard/usage');

type Changes = { readonly [Name in keyof UsageSearch]?: UsageSearch[Name] | undefined };

/** What the address says of the page, and how to change it: all of its state is there, so that a view can be shared. */
export function useUsageSearch(): {
  readonly search: UsageSearch;
  readonly change: (changes: Changes) => void;
} {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (changes: Changes) => {
    const entries = Object.entries({ ...search, ...changes }).filter(([, value]) => value !== undefined);
    const next: UsageSearch = Object.fromEntries(entries);
    void navigate({ to: '/dashboard/usage', search: next, replace: true, resetScroll: false });
  };
  return { search, change };
}

/** The breakdown that the address asks for. Operations are told by the day where a range is longer than two days. */
export function breakdownChoiceOf(search: UsageSearch): BreakdownChoice {
  const groupBy = search.group ?? 'status';
  const { lengthMs, bucket } = usageRanges[search.range ?? '24h'];
  const isAboutOperations = groupBy === 'operation' || search.operation !== undefined;
  const filter: ExplorerFilter = {
    ...sharedFilterOf(search),
    ...(search.status ? { statusClass: Number(search.status) } : {}),
  };
  return {
    range: { lengthMs, bucket: isAboutOperations && lengthMs > 2 * 86_400_000 ? 'day' : bucket },
    groupBy,
    filter,
  };
}

/** The requests that the address asks for. */
export function requestLogFilterOf(search: UsageSearch): RequestLogFilter {
  return {
    ...sharedFilterOf(search),
    ...(search.status ? { status: `${search.status}xx` } : {}),
    ...(search.outcome ? { outcome: search.outcome } : {}),
    ...(search.request ? { requestId: search.request } : {}),
  };
}

/** What the address says for one group alone. */
export function onlyOf(grouping: UsageGrouping, key: string): UsageSearch {
  switch (grouping) {
    case 'status':
      return { status: key };
    case 'operation':
      return { version: key.slice(0, key.indexOf('/')), operation: key.slice(key.indexOf('/') + 1) };
    case 'product':
      return { product: key };
    case 'key':
      return { key };
    case 'application':
      return { application: key };
  }
}

function sharedFilterOf({ application, key, product, version, operation }: UsageSearch) {
  return {
    ...(application ? { applicationId: application } : {}),
    ...(key ? { credentialId: key } : {}),
    ...(product ? { apiProductId: product } : {}),
    ...(version && operation ? { apiVersionId: version, operation } : {}),
  };
}
