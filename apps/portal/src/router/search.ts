import { isInvoiceState, type InvoiceState } from '../invoices/invoice-words.js';
import type { BoardState, ProductUsageGrouping, ReportName, UsageGrouping, UsageOutcome } from '../api/types.js';
import { reportNames } from '../pages/finance/reports/report-views.js';
import { isBoardState, isMonth } from '../periods/board-words.js';
import { isUsageRangeName, type UsageRangeName } from '../usage/series.js';
import { rangeOfDays } from '../usage/usage-span.js';
import { type CanaryWindow, isCanaryWindow } from '../traffic/canary-windows.js';
import { isProductUsageGrouping, isUsageGrouping, isUsageOutcome } from '../usage/usage-choices.js';

type Search = Readonly<Record<string, unknown>>;

/**
 * What `read` understands of an address, and nothing else of it: the router itself would hand the page the rest as well, whatever
 * the types say.
 */
function onlyKnown<Known extends object>(read: (search: Search) => Known): (search: Search) => Known {
  return (search) => ({ ...Object.fromEntries(Object.keys(search).map((name) => [name, undefined])), ...read(search) });
}

/** A text of the address line; the router reads "123" as a number, so that is text too. */
function textIn(search: Search, name: string): string | undefined {
  const value = search[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Only those texts that are there, since an absent parameter must not appear in the address. */
function textsIn<Name extends string>(search: Search, ...names: readonly Name[]): { [Key in Name]?: string } {
  const found: { [Key in Name]?: string } = {};
  for (const name of names) {
    const text = textIn(search, name);
    if (text !== undefined) found[name] = text;
  }
  return found;
}

export const signInSearchOf = onlyKnown((search) => textsIn(search, 'redirect', 'error'));
export const signUpSearchOf = onlyKnown((search) => textsIn(search, 'redirect', 'error', 'invitation'));
export const invitationSearchOf = onlyKnown((search) => textsIn(search, 'token', 'error'));
export const resetSearchOf = onlyKnown((search) => textsIn(search, 'token', 'error'));
export const productSearchOf = onlyKnown((search) => textsIn(search, 'product', 'q', 'tag'));
export const subscribeSearchOf = onlyKnown((search) => textsIn(search, 'plan', 'application', 'card', 'code'));
export const billingSearchOf = onlyKnown((search) => textsIn(search, 'purchase'));
export const organizationsSearchOf = onlyKnown((search) => textsIn(search, 'q'));
export const messageSearchOf = onlyKnown((search) => textsIn(search, 'message'));

export interface UsageSearch {
  readonly range?: UsageRangeName;
  /** Days in UTC, in the place of the range. */
  readonly from?: string;
  readonly to?: string;
  /** By what usage is told apart; by the class of its status unless said. */
  readonly group?: UsageGrouping;
  /** With the range before this one, or with the same a month earlier. */
  readonly compare?: true | 'month';
  readonly application?: string;
  readonly key?: string;
  readonly product?: string;
  /** An operation and the id of its API version. */
  readonly version?: string;
  readonly operation?: string;
  /** The first digit of the status. */
  readonly status?: string;
  readonly outcome?: UsageOutcome;
  readonly request?: string;
}

export const usageSearchOf = onlyKnown((search): UsageSearch => {
  const { range, group, compare } = search;
  const days = textsIn(search, 'from', 'to');
  const status = textIn(search, 'status');
  const outcome = textIn(search, 'outcome');
  return {
    ...textsIn(search, 'application', 'key', 'product', 'version', 'operation', 'request'),
    ...(isUsageRangeName(range) ? { range } : {}),
    ...(isUsageGrouping(group) ? { group } : {}),
    ...(rangeOfDays(days) ? days : {}),
    ...(compare === true || compare === 'month' ? { compare } : {}),
    ...(status !== undefined && /^[1-5]$/.test(status) ? { status } : {}),
    ...(outcome !== undefined && isUsageOutcome(outcome) ? { outcome } : {}),
  };
});

export interface ProductUsageSearch {
  /** 7, 30 or 90. */
  readonly days?: number;
  readonly group?: ProductUsageGrouping;
  /** An operation and the id of its API version. */
  readonly version?: string;
  readonly operation?: string;
}

export const productUsageSearchOf = onlyKnown((search): ProductUsageSearch => {
  const { days, group } = search;
  return {
    ...textsIn(search, 'version', 'operation'),
    ...(days === 7 || days === 30 || days === 90 ? { days } : {}),
    ...(isProductUsageGrouping(group) ? { group } : {}),
  };
});

export interface CanarySearch {
  readonly within?: CanaryWindow;
}

export const canarySearchOf = onlyKnown(({ within }): CanarySearch => (isCanaryWindow(within) ? { within } : {}));

export interface FinanceSearch {
  /** Where the periods stand that are shown, and the month in which they end. */
  readonly stand?: BoardState;
  readonly month?: string;
  readonly state?: InvoiceState;
  readonly from?: string;
  readonly to?: string;
  /** A part of the number of an invoice or of the name of who pays it. */
  readonly q?: string;
}

export const financeSearchOf = onlyKnown((search): FinanceSearch => {
  const state = textIn(search, 'state');
  const stand = textIn(search, 'stand');
  const month = textIn(search, 'month');
  return {
    ...textsIn(search, 'from', 'to', 'q'),
    ...(stand !== undefined && isBoardState(stand) ? { stand } : {}),
    ...(month !== undefined && isMonth(month) ? { month } : {}),
    ...(state !== undefined && isInvoiceState(state) ? { state } : {}),
  };
});

export interface ReportsSearch {
  readonly report?: ReportName;
  /** Days in UTC. */
  readonly from?: string;
  readonly to?: string;
}

export const reportsSearchOf = onlyKnown((search): ReportsSearch => {
  const report = reportNames.find((name) => name === search['report']);
  return { ...textsIn(search, 'from', 'to'), ...(report && { report }) };
});
