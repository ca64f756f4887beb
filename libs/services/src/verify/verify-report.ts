export type CheckName =
  'segments' | 'events' | 'rollups' | 'lines' | 'invoices' | 'balances' | 'credits' | 'receivables' | 'provider';

/** The first row that differs, and how. */
export interface Difference {
  readonly check: CheckName;
  /** The table and the key: "usage_event 0190…/0". */
  readonly row: string;
  readonly expected: string;
  readonly actual: string;
  /** A sentence for people. */
  readonly message: string;
}

export type Finding = Omit<Difference, 'check'>;

export interface CheckResult {
  readonly name: CheckName;
  readonly ok: boolean;
  /** How many rows were compared; up to the difference, when there is one. */
  readonly checked: number;
  readonly difference: Difference | null;
}

export interface VerifyReport {
  readonly ok: boolean;
  readonly checkedAt: Date;
  readonly checks: readonly CheckResult[];
}

/** The result of a check: the number of rows compared, and the difference if one was found. */
export function checkResult(name: CheckName, checked: number, difference: Finding | null): CheckResult {
  return { name, ok: difference === null, checked, difference: difference && { check: name, ...difference } };
}
