import { type BillableWhenRule, type JsonPointer, type Route, readJsonPointer, selectsOperation } from '#domain';

/** A publisher's rule for soft errors, as one operation uses it. */
export interface BillableWhen {
  /** In lower case; null when the rule looks into the body. */
  readonly header: string | null;
  readonly pointer: JsonPointer | null;
  readonly values: ReadonlySet<string>;
  /** A value among `values` makes the answer billable, or the contrary. */
  readonly isBillableAmong: boolean;
}

/** The first rule that matches the operation; null when none does. Made once for each operation. */
export function billableWhenOf(rules: readonly BillableWhenRule[], operation: Route): BillableWhen | null {
  const rule = rules.find(({ selector }) => selectsOperation(selector, operation));
  if (!rule) return null;
  return {
    header: rule.header?.toLowerCase() ?? null,
    pointer: rule.pointer === undefined ? null : readJsonPointer(rule.pointer),
    values: new Set(rule.oneOf ?? rule.noneOf),
    isBillableAmong: rule.oneOf !== undefined,
  };
}

/** True when an answer with this value, or without any, is not worth its price. */
export function isSoftError({ values, isBillableAmong }: BillableWhen, value: string | undefined): boolean {
  return (value !== undefined && values.has(value)) !== isBillableAmong;
}
