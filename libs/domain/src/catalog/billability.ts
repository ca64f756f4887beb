import type { DecimalString, PlanDefinition } from './plan-definition.js';

/**
 * The situations that decide whether a call is billed, in the order in which people read them. Calls that the gateway
 * retried, HEAD, SSE and chunked answers have no row of their own: they end in one of these.
 */
export const billabilityRowNames = [
  'success',
  'redirect',
  'clientError',
  'serverError',
  'refused',
  'abortedBeforeUpstream',
  'abortedBeforeHead',
  'abortedAfterHead',
  'brokenAfterHead',
  'cacheHit',
  'preflight',
  'replayed',
  'softError',
  'webSocket',
  'test',
] as const;

export type BillabilityRowName = (typeof billabilityRowNames)[number];

/** What a plan version says of one situation; what it does not say is as by default. */
export interface BillabilityRule {
  /** The call uses up quotas. */
  readonly quota?: boolean | undefined;
  readonly billable?: boolean | undefined;
  /** Of `clientError`: the only operations that the rule is for, by the selectors that meters use. */
  readonly operations?: readonly string[] | undefined;
  /** Of `brokenAfterHead`: meters that count what passed are billed and use up quotas, others do not. */
  readonly valueMeters?: boolean | undefined;
  /** Of `cacheHit`: what a call counts is multiplied by this, from 0 to 1. */
  readonly factor?: DecimalString | undefined;
}

/** The rows of the table that a plan version changes. */
export type BillabilityRules = { readonly [Row in BillabilityRowName]?: BillabilityRule | undefined };

/** One row as it holds under a plan version. */
export interface BillabilityRow {
  readonly name: BillabilityRowName;
  /** What is recorded: a usage event, a counter of refusals, or nothing. */
  readonly record: 'event' | 'counter' | 'none';
  readonly quota: boolean;
  readonly billable: boolean;
  /** No plan can change it. */
  readonly isFixed: boolean;
  /** The only operations for which `quota` and `billable` hold; the others are neither. Null for all. */
  readonly operations: readonly string[] | null;
  readonly valueMeters: boolean;
  readonly factor: DecimalString;
}

type Default = Pick<BillabilityRow, 'record' | 'quota' | 'billable' | 'isFixed'>;

const counts = (quota: boolean, billable: boolean): Default => ({ record: 'event', quota, billable, isFixed: false });
const never = (record: BillabilityRow['record']): Default => ({ record, quota: false, billable: false, isFixed: true });

const defaults: Readonly<Record<BillabilityRowName, Default>> = {
  success: counts(true, true),
  redirect: counts(false, false),
  clientError: counts(false, false),
  serverError: never('event'),
  refused: never('counter'),
  abortedBeforeUpstream: counts(false, false),
  abortedBeforeHead: counts(true, false),
  abortedAfterHead: counts(true, true),
  brokenAfterHead: counts(false, false),
  cacheHit: counts(true, true),
  preflight: never('none'),
  replayed: counts(false, false),
  softError: counts(false, false),
  webSocket: counts(true, true),
  test: never('event'),
};

/** True for a row that no plan can change. */
export function isFixedRow(name: BillabilityRowName): boolean {
  return defaults[name].isFixed;
}

/** The whole table as it holds under a plan version: its own rules over the defaults. Fixed rows are never changed. */
export function billabilityTable({ billability }: Pick<PlanDefinition, 'billability'>): readonly BillabilityRow[] {
  return billabilityRowNames.map((name): BillabilityRow => {
    const byDefault = defaults[name];
    const rule: BillabilityRule = byDefault.isFixed ? {} : (billability?.[name] ?? {});
    return {
      name,
      record: byDefault.record,
      quota: rule.quota ?? byDefault.quota,
      billable: rule.billable ?? byDefault.billable,
      isFixed: byDefault.isFixed,
      operations: name === 'clientError' ? (rule.operations ?? null) : null,
      valueMeters: name === 'brokenAfterHead' && (rule.valueMeters ?? false),
      factor: name === 'cacheHit' ? (rule.factor ?? '1') : '1',
    };
  });
}
