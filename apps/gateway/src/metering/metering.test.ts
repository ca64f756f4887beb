import { describe, expect, it } from 'vitest';
import type { MeterBinding } from '#domain';
import { meterOperation } from './metering.js';
import { microOf } from './micro.js';

const operation = { method: 'GET', template: '/things/{id}', operation: 'getThing', tags: ['read'] };

describe('what a request counts', () => {
  it.each(['*', 'getThing', 'tag:read', 'GET /things/{id}'])('is selected by %s', (selector) => {
    const meters = [{ slug: 'requests', bindings: [{ selector, weight: '2' }] }];
    expect(meterOperation(meters, operation).quantities).toEqual({ requests: '2' });
  });

  it.each(['getThings', 'tag:write', 'POST /things/{id}', 'read'])('is not selected by %s', (selector) => {
    expect(meterOperation([{ slug: 'requests', bindings: [{ selector, weight: '2' }] }], operation).quantities).toEqual(
      {},
    );
  });

  it('is given by the first binding that matches, for each meter of its own', () => {
    const meters = [
      {
        slug: 'requests',
        bindings: [
          { selector: 'tag:read', weight: '1' },
          { selector: '*', weight: '5' },
        ],
      },
      {
        slug: 'credits',
        bindings: [
          { selector: 'tag:write', weight: '9' },
          { selector: '*', weight: '0.00025' },
        ],
      },
      { slug: 'free', bindings: [{ selector: '*', weight: '0' }] },
    ];
    const metering = meterOperation(meters, operation);
    expect(metering.quantities).toEqual({ requests: '1', credits: '0.00025' });
    expect(metering.perMeter.map(({ micro }) => micro)).toEqual([1_000_000, 250]);
    expect(metering.perMeter.map(({ receipt }) => receipt)).toEqual(['"requests";cost=1', '"credits";cost="0.00025"']);
  });
});

describe('what is reserved for a request whose cost is not known', () => {
  const reserved = (binding: Omit<MeterBinding, 'selector'>) =>
    meterOperation([{ slug: 'units', bindings: [{ selector: '*', ...binding }] }], operation);

  it('is the declared maximum, or that of its kind', () => {
    expect(reserved({ weight: '1', value: { from: 'response_header', maximum: '40' } }).perMeter[0]).toMatchObject({
      quantity: '40',
      micro: 40_000_000,
    });
    expect(reserved({ weight: '1', value: { from: 'response_header' } }).perMeter[0]!.quantity).toBe('1000');
    expect(reserved({ weight: '2', value: { from: 'response_json', pointer: '/a' } }).perMeter[0]!.quantity).toBe(
      '200000',
    );
    expect(reserved({ weight: '1000', value: { from: 'response_bytes' } }).perMeter[0]!.quantity).toBe('1000000000');
  });

  it('bounds the bytes that may pass', () => {
    const ofAnswer = reserved({ weight: '0.001', value: { from: 'response_bytes', maximum: '5' } });
    expect([ofAnswer.maxRequestBytes, ofAnswer.maxResponseBytes]).toEqual([Infinity, 5_000]);
    const ofRequest = reserved({ weight: '1', value: { from: 'request_bytes' } });
    expect([ofRequest.maxRequestBytes, ofRequest.maxResponseBytes]).toEqual([10_485_760, Infinity]);
  });

  it('is not there when every call counts the same', () => {
    expect(reserved({ weight: '3' })).toMatchObject({ hasValues: false, maxResponseBytes: Infinity });
  });
});

describe('millionths of units', () => {
  it.each([
    ['0', 0],
    ['1', 1_000_000],
    ['0.000001', 1],
    ['0.0000001', 1],
    ['1.0000010', 1_000_001],
    ['1000000000', 1_000_000_000_000_000],
    ['999999999.9999991', 1_000_000_000_000_000],
  ])('of %s are %i, rounded up', (quantity, micro) => {
    expect(microOf(quantity)).toBe(micro);
  });
});
