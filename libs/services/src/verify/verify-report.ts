export type CheckName =
  | 'segments'
  | 'events'
  | 'rollups'
  | 'lines'
  | 'invoices'
  | 'balances'
  | 'credits'
  | 'receivables'
  | 'provider';

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
  /** Those after the first, of a check that goes on; bounded. Absent where there are none. */
  readonly more?: readonly Difference[];
  /** How many further ones were found that are not listed. Absent for none. */
  readonly unlisted?: number;
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

/** So many differences of a check are listed; the rest is counted. */
const MAX_LISTED = 100;

/** Gathers the differences of a check that goes on after the first; its memory is bounded. */
export class Findings {
  private readonly listed: Finding[] = [];
  private unlisted = 0;

  constructor(private readonly name: CheckName) {}

  add(finding: Finding): void {
    if (this.listed.length < MAX_LISTED) this.listed.push(finding);
    else this.unlisted += 1;
  }

  /** The result of the check, with the first that was found named first. */
  result(checked: number): CheckResult {
    const [first, ...more] = this.listed.map((finding) => ({ check: this.name, ...finding }));
    return {
      name: this.name,
      ok: first === undefined,
      checked,
      difference: first ?? null,
      ...(more.length > 0 && { more }),
      ...(this.unlisted > 0 && { unlisted: this.unlisted }),
    };
  }
}

/** Every difference of a check that is listed, the first one first. */
export function listedDifferences({ difference, more = [] }: CheckResult): Difference[] {
  return difference ? [difference, ...more] : [];
}
