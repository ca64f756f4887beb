import { describe, expect, it } from 'vitest';
import { Findings, listedDifferences } from './verify-report.js';

const finding = (row: number) => ({ row: `row ${row}`, expected: 'a', actual: 'b', message: 'm' });

describe('the findings of a check', () => {
  it('name the first first, list a hundred, and count the rest', () => {
    const findings = new Findings('provider');
    for (let row = 1; row <= 250; row++) findings.add(finding(row));
    const result = findings.result(300);
    expect(result).toMatchObject({
      ok: false,
      checked: 300,
      difference: { row: 'row 1', check: 'provider' },
      unlisted: 150,
    });
    expect(listedDifferences(result).map(({ row }) => row)).toEqual(
      Array.from({ length: 100 }, (_, i) => `row ${i + 1}`),
    );
  });

  it('are none where all agrees', () => {
    const result = new Findings('provider').result(3);
    expect(result).toEqual({ name: 'provider', ok: true, checked: 3, difference: null });
    expect(listedDifferences(result)).toEqual([]);
  });
});
