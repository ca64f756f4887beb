import { describe, expect, it } from 'vitest';
import { type GatewayStanding, serviceStatus } from './service-status.js';

const now = Date.parse('2027-01-31T12:00:00Z');
const gateway = (silentSeconds: number, rest: Partial<GatewayStanding> = {}): GatewayStanding => ({
  isRunning: true,
  heartbeatAt: new Date(now - silentSeconds * 1000),
  sealedSegment: 100,
  ledgerSegment: 99,
  ...rest,
});

describe('the status of the service', () => {
  it.each([
    ['operational', 'all answer', [gateway(1), gateway(15)]],
    ['operational', 'another was stopped', [gateway(1), gateway(100, { isRunning: false })]],
    ['operational', 'another is gone for long', [gateway(1), gateway(600)]],
    ['degraded', 'one is silent', [gateway(1), gateway(16)]],
    ['down', 'all are silent', [gateway(16), gateway(700)]],
    ['down', 'all were stopped', [gateway(1, { isRunning: false })]],
    ['down', 'there is none', []],
  ])('has calls %s when %s', (expected, _, gateways) => {
    expect(serviceStatus(gateways, now).calls).toBe(expected);
  });

  it('has usage degraded while segments wait for the ledger, whatever became of their gateway', () => {
    expect(serviceStatus([gateway(1, { ledgerSegment: 80 })], now).usage).toBe('operational');
    expect(serviceStatus([gateway(1), gateway(1, { ledgerSegment: 79 })], now).usage).toBe('degraded');
    expect(serviceStatus([gateway(9999, { isRunning: false, ledgerSegment: 0 })], now).usage).toBe('degraded');
  });
});
