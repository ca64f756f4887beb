import { describe, expect, it } from 'vitest';
import { formatBytes, formatCompact, formatQuantity, formatShare, formatUnits, pluralOf } from './number.js';

describe('formatQuantity', () => {
  it('groups thousands and keeps every digit', () => {
    expect(formatQuantity('12345678901234567890.5')).toBe('12,345,678,901,234,567,890.5');
    expect(formatQuantity(1234)).toBe('1,234');
    expect(formatQuantity('0.0025')).toBe('0.0025');
  });
});

describe('formatUnits', () => {
  it('puts the unit in the singular for one only', () => {
    expect(formatUnits('1', 'request')).toBe('1 request');
    expect(formatUnits('1.0', 'request')).toBe('1 request');
    expect(formatUnits('0', 'request')).toBe('0 requests');
    expect(formatUnits('2000', 'query')).toBe('2,000 queries');
  });

  it('makes regular plurals', () => {
    expect(['tile', 'batch', 'box', 'day'].map(pluralOf)).toEqual(['tiles', 'batches', 'boxes', 'days']);
  });
});

describe('formatShare', () => {
  it('does not round something to nothing', () => {
    expect(formatShare(1, 1000)).toBe('<1%');
    expect(formatShare(0, 1000)).toBe('0%');
    expect(formatShare(5, 0)).toBe('0%');
    expect(formatShare(25, 1000)).toBe('2.5%');
    expect(formatShare(871, 1000)).toBe('87%');
  });
});

it('shortens bytes and large numbers', () => {
  expect([0, 999, 4821, 48_210, 3_000_000].map(formatBytes)).toEqual(['0 B', '999 B', '4.8 kB', '48 kB', '3.0 MB']);
  expect(formatCompact(12_345)).toBe('12.3K');
});
