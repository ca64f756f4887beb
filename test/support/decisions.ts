import type { DecisionOptions } from '../../apps/gateway/src/decision/decision-options.js';

export const DOOR_SECRET = 'a secret for proxies';

/** Doors on free ports of this machine. Reports are waited for as long as the test's clock stands still. */
export function decisionOptions(overrides: Partial<DecisionOptions> = {}): DecisionOptions {
  return {
    host: '127.0.0.1',
    port: 0,
    grpcPort: null,
    syslogPort: null,
    secret: DOOR_SECRET,
    reports: 'expected',
    unreported: 'bill',
    reportTimeoutMs: 60_000,
    maxOpen: 100,
    sweepMs: 10,
    ...overrides,
  };
}
