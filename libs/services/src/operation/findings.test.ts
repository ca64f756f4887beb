import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type InstallationState, findingsOf } from './findings.js';

const nowMs = Date.parse('2026-11-29T12:00:00Z');
const ago = (ms: number) => new Date(nowMs - ms);
const HOUR = 3_600_000;
const gateway = {
  id: 'gateway-1',
  isRunning: true,
  heartbeatAt: ago(1_000),
  admittedThrough: ago(2_000),
  sealedSegment: 7,
  ledgerSegment: 7,
  softwareVersion: '1.0.0',
};
const worker = { id: 'machine-1', softwareVersion: '1.0.0', startedAt: ago(HOUR), heartbeatAt: ago(2_000) };
const well: InstallationState = {
  nowMs,
  softwareVersion: '1.0.0',
  gateways: [gateway],
  workers: [worker],
  queues: [{ queue: 'mails', waiting: 3, oldestAt: ago(60_000) }],
  keptAside: [],
  proofs: [
    { day: '2026-11-29', startedAt: ago(60_000), ok: null },
    { day: '2026-11-28', startedAt: ago(11 * HOUR), ok: true },
  ],
  heldPeriods: [],
  failingDunning: 0,
  oldestWebhookMs: 900_000,
  failedMessages: 0,
  undeliveredMails: 0,
};
const codesOf = (change: Partial<InstallationState>) => findingsOf({ ...well, ...change }).map(({ code }) => code);

const bad: readonly (readonly [string, Partial<InstallationState>, string[]])[] = [
  ['no worker was ever heard of', { workers: [] }, ['no_worker']],
  ['all workers are silent', { workers: [{ ...worker, heartbeatAt: ago(15_001) }] }, ['no_worker']],
  [
    'one of the workers is silent',
    { workers: [worker, { ...worker, id: 'machine-2', heartbeatAt: ago(15_001) }] },
    ['worker_silent'],
  ],
  ['there is no gateway', { gateways: [] }, ['no_gateway']],
  ['all gateways have stopped', { gateways: [{ ...gateway, isRunning: false }] }, ['no_gateway']],
  ['the gateway is silent', { gateways: [{ ...gateway, heartbeatAt: ago(15_001) }] }, ['no_gateway', 'gateway_silent']],
  [
    'one of the gateways is silent',
    { gateways: [gateway, { ...gateway, id: 'gateway-2', heartbeatAt: ago(15_001) }] },
    ['gateway_silent'],
  ],
  [
    'usage does not arrive, of a gateway that has stopped too',
    { gateways: [gateway, { ...gateway, isRunning: false, sealedSegment: 8, admittedThrough: ago(300_001) }] },
    ['usage_not_shipped'],
  ],
  ['a job is not done', { queues: [{ queue: 'mails', waiting: 0, oldestAt: ago(1_800_001) }] }, ['job_never_done']],
  ['jobs pile up', { queues: [{ queue: 'mails', waiting: 1_001, oldestAt: ago(1) }] }, ['outbox_grows']],
  ['usage is kept aside', { keptAside: [{ gatewayId: 'g', reason: 'future', count: 2 }] }, ['usage_kept_aside']],
  [
    'the last proof that has ended differs',
    { proofs: [well.proofs[0]!, { ...well.proofs[1]!, ok: false }] },
    ['ledger_differs'],
  ],
  [
    'proofs have ended long ago',
    { proofs: [well.proofs[0]!, { ...well.proofs[1]!, startedAt: ago(36 * HOUR + 1) }] },
    ['ledger_not_proven'],
  ],
  [
    'nothing was ever proven by a worker that runs for long',
    { proofs: [], workers: [{ ...worker, startedAt: ago(37 * HOUR) }] },
    ['ledger_not_proven'],
  ],
  ['periods are held', { heldPeriods: [{ reason: 'Gateway g is silent.', count: 1 }] }, ['periods_held']],
  ['dunning fails', { failingDunning: 1 }, ['dunning_fails']],
  ['webhooks are late', { oldestWebhookMs: 900_001 }, ['webhooks_late']],
  ['messages of the provider fail', { failedMessages: 1 }, ['messages_failed']],
  ['mails were given up', { undeliveredMails: 2 }, ['mails_undelivered']],
  ['a worker is of another version', { workers: [{ ...worker, softwareVersion: '1.1.0' }] }, ['version_differs']],
  ['a gateway does not say its version', { gateways: [{ ...gateway, softwareVersion: null }] }, ['version_differs']],
];

describe('what is wrong with an installation', () => {
  it('is nothing when all is well, be it new or not', () => {
    expect(findingsOf(well)).toEqual([]);
    expect(findingsOf({ ...well, proofs: [], queues: [], workers: [{ ...worker, startedAt: ago(0) }] })).toEqual([]);
    const stopped = { ...gateway, isRunning: false, heartbeatAt: ago(HOUR), softwareVersion: '0.9.0' };
    expect(findingsOf({ ...well, gateways: [gateway, stopped] })).toEqual([]);
  });

  it.each(bad)('is told when %s', (_, change, codes) => {
    expect(codesOf(change)).toEqual(codes);
  });

  it('is told the worst first', () => {
    const severities = findingsOf({ ...well, workers: [], failingDunning: 1, gateways: [], failedMessages: 2 });
    expect(severities.map(({ severity }) => severity)).toEqual(['critical', 'critical', 'warning', 'warning']);
  });

  it('names alerts that there are, with a runbook', () => {
    const file = (name: string) => fs.readFileSync(new URL(`../../../../${name}`, import.meta.url), 'utf8');
    const alerts = file('deploy/prometheus/alerts.yml');
    const runbook = file('docs/runbooks/alerts.md');
    const named = new Set(bad.flatMap(([, change]) => findingsOf({ ...well, ...change }).map(({ alert }) => alert)));
    named.delete(null);
    expect(named.size).toBeGreaterThan(8);
    for (const alert of named) {
      expect(alerts).toContain(`alert: ${alert}\n`);
      expect(runbook).toContain(alert);
    }
  });
});
