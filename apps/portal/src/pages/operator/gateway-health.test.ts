import { expect, it } from 'vitest';
import type { Gateway } from '../../api/types.js';
import { gatewayHealth, lagWords } from './gateway-health.js';

const now = new Date('2026-11-22T12:00:00Z');

const gateway = (changes: Partial<Gateway> = {}): Gateway => ({
  id: 'gw-1',
  epoch: 1,
  state: 'running',
  heartbeatAt: '2026-11-22T11:59:59Z',
  admittedThrough: '2026-11-22T11:59:58Z',
  sealedSegment: 12,
  acknowledgedSegment: 12,
  snapshotNumber: 7,
  softwareVersion: '1.0.0',
  ...changes,
});

it('calls a gateway silent that says it runs but is not heard of', () => {
  expect(gatewayHealth(gateway(), now)).toEqual({
    label: 'Running',
    tone: 'positive',
    waitingSegments: 0,
    lagSeconds: 2,
  });
  expect(gatewayHealth(gateway({ heartbeatAt: '2026-11-22T11:59:30Z' }), now).label).toBe('Silent');
  expect(gatewayHealth(gateway({ state: 'stopped', heartbeatAt: '2026-11-01T00:00:00Z' }), now).label).toBe('Stopped');
});

it('counts what waits to be acknowledged', () => {
  expect(gatewayHealth(gateway({ acknowledgedSegment: 9 }), now).waitingSegments).toBe(3);
});

it('never shows a negative lag when clocks differ', () => {
  expect(gatewayHealth(gateway({ admittedThrough: '2026-11-22T12:00:01Z' }), now).lagSeconds).toBe(0);
});

it('keeps a lag short', () => {
  expect([3, 119, 420, 7200, 400_000].map(lagWords)).toEqual(['3 s', '119 s', '7 min', '2 h', '4 days']);
});
