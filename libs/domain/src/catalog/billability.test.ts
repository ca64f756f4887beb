import { describe, expect, it } from 'vitest';
import { type BillabilityRules, billabilityRowNames, billabilityTable, isFixedRow } from './billability.js';
import { billabilityFaults } from './validate-billability.js';

const row = (name: string, billability?: BillabilityRules) =>
  billabilityTable({ billability }).find((one) => one.name === name)!;

describe('the billability table', () => {
  it('has every row by default as the documentation says', () => {
    const table = billabilityTable({}).map(({ name, record, quota, billable, isFixed }) => [
      name,
      record,
      quota,
      billable,
      isFixed,
    ]);
    expect(table).toEqual([
      ['success', 'event', true, true, false],
      ['redirect', 'event', false, false, false],
      ['clientError', 'event', false, false, false],
      ['serverError', 'event', false, false, true],
      ['refused', 'counter', false, false, true],
      ['abortedBeforeUpstream', 'event', false, false, false],
      ['abortedBeforeHead', 'event', true, false, false],
      ['abortedAfterHead', 'event', true, true, false],
      ['brokenAfterHead', 'event', false, false, false],
      ['cacheHit', 'event', true, true, false],
      ['preflight', 'none', false, false, true],
      ['replayed', 'event', false, false, false],
      ['softError', 'event', false, false, false],
      ['webSocket', 'event', true, true, false],
      ['test', 'event', false, false, true],
    ]);
  });

  it.each(billabilityRowNames.filter((name) => !isFixedRow(name)))('lets a plan change the row %s', (name) => {
    const { quota, billable } = row(name);
    expect(row(name, { [name]: { quota: !quota } })).toMatchObject({ quota: !quota, billable });
    expect(row(name, { [name]: { billable: !billable } })).toMatchObject({ quota, billable: !billable });
    expect(billabilityFaults({ [name]: { quota: true, billable: true } })).toEqual([]);
  });

  it.each(billabilityRowNames.filter(isFixedRow))('lets no plan change the row %s', (name) => {
    expect(row(name, { [name]: { quota: true, billable: true } })).toEqual(row(name));
    expect(billabilityFaults({ [name]: { quota: false } })).toEqual([
      { path: `billability.${name}`, message: expect.stringContaining('fixed') },
    ]);
  });

  it('has a factor of the cache from 0 to 1', () => {
    expect(row('cacheHit', { cacheHit: { factor: '0.25' } })).toMatchObject({ factor: '0.25' });
    for (const factor of ['0', '1', '0.5']) expect(billabilityFaults({ cacheHit: { factor } })).toEqual([]);
    for (const factor of ['1.000000000001', '-1', 'half']) {
      expect(billabilityFaults({ cacheHit: { factor } }).map(({ path }) => path)).toEqual([
        'billability.cacheHit.factor',
      ]);
    }
  });

  it('refuses a field that belongs to another row, and a list of no operations', () => {
    const faults = billabilityFaults({
      success: { factor: '1', operations: ['*'], valueMeters: true },
      clientError: { operations: [] },
    });
    expect(faults.map(({ path }) => path)).toEqual([
      'billability.success.operations',
      'billability.success.valueMeters',
      'billability.success.factor',
      'billability.clientError.operations',
    ]);
  });
});
