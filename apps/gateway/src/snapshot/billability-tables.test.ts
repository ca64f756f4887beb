import { describe, expect, it } from 'vitest';
import { BillabilityTables } from './billability-tables.js';

describe('billability tables', () => {
  it('are one for all plan versions that say the same, and another for those that differ', () => {
    const tables = new BillabilityTables();
    const usual = tables.of({});
    expect(tables.of({})).toBe(usual);
    const generous = { clientError: { billable: true, quota: true } };
    const other = tables.of({ billability: generous });
    expect(other).not.toBe(usual);
    expect(tables.of({ billability: structuredClone(generous) })).toBe(other);
    const operation = { method: 'GET', template: '/', operation: 'get', tags: [] };
    expect([usual, other].map((table) => table.clientError(operation).billable)).toEqual([false, true]);
  });
});
