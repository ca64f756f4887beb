import { isDecimal, parseDecimal } from '../money/decimal.js';
import { type BillabilityRowName, type BillabilityRule, type BillabilityRules, isFixedRow } from './billability.js';
import type { PlanFault } from './plan-fault.js';

/** What is wrong with a plan's changes to the billability table: changes of fixed rows, and fields of other rows. */
export function billabilityFaults(rules: BillabilityRules | undefined): PlanFault[] {
  const changed = Object.entries(rules ?? {}) as [BillabilityRowName, BillabilityRule | undefined][];
  return changed.flatMap(([name, rule]) => (rule === undefined ? [] : ruleFaults(name, rule)));
}

function ruleFaults(name: BillabilityRowName, rule: BillabilityRule): PlanFault[] {
  const path = `billability.${name}`;
  if (isFixedRow(name)) return [{ path, message: 'This row is fixed: it is never billable and uses no quota.' }];
  const faults: PlanFault[] = [];
  const onlyOf = (field: keyof BillabilityRule, row: BillabilityRowName) => {
    if (rule[field] !== undefined && name !== row) {
      faults.push({ path: `${path}.${field}`, message: `Only the row ${row} has this field.` });
    }
  };
  onlyOf('operations', 'clientError');
  onlyOf('valueMeters', 'brokenAfterHead');
  onlyOf('factor', 'cacheHit');
  if (rule.operations?.length === 0) {
    faults.push({ path: `${path}.operations`, message: 'Name at least one operation, or leave it out for all.' });
  }
  if (rule.factor !== undefined && !(isDecimal(rule.factor) && parseDecimal(rule.factor).lte(1))) {
    faults.push({ path: `${path}.factor`, message: `"${rule.factor}" is not a decimal from 0 to 1.` });
  }
  return faults;
}
