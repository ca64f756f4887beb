import { getRouteApi } from '@tanstack/react-router';
import type { UsageGrouping } from '../../api/types.js';
import type { BreakdownChoice, ExplorerFilter, RefusedFilter, RequestLogFilter } from '../../api/usage.js';
import type { UsageSearch } from '../../router/search.js';
import { formatUnits } from '../../format/number.js';
import { usageRanges } from '../../usage/series.js';
import { type Comparison, type ShownRange, daysWords, lengthOf, rangeOfDays } from '../../usage/usage-span.js';

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

/** The days that the address asks for, else the stretch that ends now. */
export function rangeOf({ range, from, to }: UsageSearch): ShownRange {
  const { lengthMs, bucket } = usageRanges[range ?? '24h'];
  return rangeOfDays({ ...(from && { from }), ...(to && { to }) }) ?? { lengthMs, bucket };
}

/** What the address has usage compared with. */
export function comparisonOf({ compare }: UsageSearch): Comparison | undefined {
  return compare === true ? 'before' : compare;
}

/** The range in words: "in the last 24 hours", and what it is compared with. */
export function rangeWords(search: UsageSearch): { readonly within: string; readonly before: string } {
  const range = rangeOf(search);
  const isFixed = 'fromMs' in range;
  const { label } = usageRanges[search.range ?? '24h'];
  const days = formatUnits(String(Math.round(lengthOf(range) / 86_400_000)), 'day');
  return {
    within: isFixed ? daysWords(range) : `in the last ${label}`,
    before: search.compare === 'month' ? 'same time a month before' : `${isFixed ? days : label} before`,
  };
}

/** The breakdown that the address asks for. Operations are told by the day where a range is longer than two days. */
export function breakdownChoiceOf(search: UsageSearch): BreakdownChoice {
  const groupBy = search.group ?? 'status';
  const range = rangeOf(search);
  const isAboutOperations = groupBy === 'operation' || search.operation !== undefined;
  const filter: ExplorerFilter = {
    ...sharedFilterOf(search),
    ...(search.status ? { statusClass: Number(search.status) } : {}),
  };
  return {
    range: isAboutOperations && lengthOf(range) > 2 * 86_400_000 ? { ...range, bucket: 'day' } : range,
    groupBy,
    filter,
  };
}

/** The refused calls that the address asks for. */
export function refusedFilterOf(search: UsageSearch): RefusedFilter {
  const { apiProductId: _product, ...filter } = sharedFilterOf(search);
  return filter;
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
