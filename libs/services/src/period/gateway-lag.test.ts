import type { GatewayWatermark } from '#persistence';
import { describe, expect, it } from 'vitest';
import { gatewayLags } from './gateway-lag.js';

const endsAt = new Date('2026-03-01T00:00:00Z');

function aWatermark(overrides: Partial<GatewayWatermark> = {}): GatewayWatermark {
  return {
    gatewayId: 'gw',
    state: 'running',
    admittedThrough: endsAt,
    sealedSegment: 4n,
    acknowledgedSegments: 4n,
    ...overrides,
  };
}

describe('what keeps the ledger from being complete', () => {
  it.each([
    ['a gateway that has passed the end', {}],
    ['a gateway that has stopped before it, in good order', { state: 'stopped', admittedThrough: new Date(0) }],
    ['a gateway that never had traffic', { sealedSegment: 0n, acknowledgedSegments: 0n }],
  ] as const)('is not %s', (_, overrides) => {
    expect(gatewayLags([aWatermark(overrides)], endsAt)).toEqual([]);
  });

  it('is nothing without gateways', () => {
    expect(gatewayLags([], endsAt)).toEqual([]);
  });

  it.each([
    [
      'has gone silent a millisecond before the end',
      { admittedThrough: new Date(endsAt.getTime() - 1) },
      /up to 2026-02-28T23:59:59.999Z/,
    ],
    ['has a segment under way', { acknowledgedSegments: 3n }, /1 of 4 journal segments/],
    ['has stopped with a segment under way', { state: 'stopped', acknowledgedSegments: 3n }, /1 of 4 journal segments/],
  ] as const)('is a gateway that %s, by its name', (_, overrides, reason) => {
    const lags = gatewayLags([aWatermark(), aWatermark({ gatewayId: 'gw-2', ...overrides })], endsAt);
    expect(lags).toEqual([expect.stringMatching(reason)]);
    expect(lags[0]).toMatch(/^Gateway gw-2 /);
  });
});
