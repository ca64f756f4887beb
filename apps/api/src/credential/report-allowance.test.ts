import { expect, it } from 'vitest';
import { ReportAllowance } from './report-allowance.js';

it('takes sixty reports of an address in a minute, and says when the next one is welcome', () => {
  const allowance = new ReportAllowance();
  for (let report = 0; report < 60; report++) expect(allowance.take('192.0.2.1', 100_000)).toBe(0);
  expect(allowance.take('192.0.2.1', 101_000)).toBe(59);
  expect(allowance.take('192.0.2.2', 101_000)).toBe(0);
  expect(allowance.take('192.0.2.1', 160_000)).toBe(0);
});

it('remembers a bounded number of addresses', () => {
  const allowance = new ReportAllowance();
  for (let address = 0; address < 10_000; address++) expect(allowance.take(String(address), 100_000)).toBe(0);
  expect(allowance.take('one more', 100_000)).toBeGreaterThan(0);
});
