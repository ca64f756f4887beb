import { describe, expect, it } from 'vitest';
import { bytesWithin, measuredUnits, scaledUnits, withinMaximum } from './measured-units.js';

describe('units that an answer names', () => {
  it.each([
    ['0', '1', '0'],
    ['1234', '1', '1234'],
    ['0.1', '3', '0.3'],
    ['1e3', '1', '1000'],
    ['2.5E-1', '1', '0.25'],
    ['1048576', '0.000001', '1.048576'],
    ['0.1234567890129', '1', '0.123456789012'],
    ['999999999999999', '1', '999999999999999'],
  ])('%s of weight %s are %s', (written, weight, expected) => {
    expect(measuredUnits(written, weight)).toBe(expected);
  });

  it.each([
    '-1',
    '',
    ' 1',
    '1 ',
    '01',
    '.5',
    'NaN',
    'Infinity',
    '1e99',
    '1e999999999',
    '0x10',
    '1,000',
    '1000000000000000',
  ])('are none in %j', (written) => {
    expect(measuredUnits(written, '1')).toBeNull();
  });

  it('are counted up to the maximum, and the rest is told', () => {
    expect(withinMaximum('10', '10')).toEqual({ counted: '10', overrun: null });
    expect(withinMaximum('10.5', '10')).toEqual({ counted: '10', overrun: '0.5' });
  });

  it('of bytes fit into a maximum exactly', () => {
    expect(bytesWithin('10', '1')).toBe(10);
    expect(bytesWithin('1', '0.000001')).toBe(1_000_000);
    expect(bytesWithin('1', '0.3')).toBe(3);
    expect(bytesWithin('0.9', '1')).toBe(0);
    expect(bytesWithin('1', '0.000000000007')).toBe(142_857_142_857);
  });

  it('are multiplied by a factor without a float', () => {
    expect(scaledUnits('1', '0.1')).toBe('0.1');
    expect(scaledUnits('0.000000000001', '0.5')).toBe('0');
  });
});
