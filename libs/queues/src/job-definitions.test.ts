import { describe, expect, it } from 'vitest';
import { findJobDefinition, isQueueName, jobDefinitions, queueNames, retryDelayMs } from './job-definitions.js';

const id = '0190aaaa-0000-7000-8000-000000000001';
const payloads: Readonly<Record<string, unknown>> = {
  ingest: {
    gatewayId: 'gateway-1',
    epoch: 1,
    segment: 2,
    attempt: 3,
    eventCount: 0,
    contentHash: '0'.repeat(64),
    encoding: 'zstd-json-base64',
    events: '',
  },
  'close-due-periods': {},
  'collect-invoice': { invoiceId: id },
  'tax-invoice': { invoiceId: id },
  'settle-invoice': { invoiceId: id },
  'refund-payment': { refundId: id },
  'process-webhook': { eventId: 'evt_1:2' },
  'deliver-webhook': { deliveryId: id, lease: 1 },
  'send-mail': { mailId: id, to: 'ada@example.com', subject: 'Hello', text: 'Hi', html: '<p>Hi</p>' },
};
const jobs = queueNames.flatMap((queue) => Object.keys(jobDefinitions[queue]).map((name) => [queue, name] as const));

describe('job definitions', () => {
  it.each(jobs)('%s: %s takes its payload, refuses another, and has an id that BullMQ accepts', (queue, name) => {
    const definition = findJobDefinition(queue, name)!;
    const payload = definition.schema.parse(payloads[name]);
    expect(definition.schema.safeParse('something else').success).toBe(false);
    const jobId = definition.jobId(payload);
    expect(jobId).toBe(definition.jobId(payload));
    expect(jobId).not.toContain(':');
    expect(jobId).not.toMatch(/^\d+$/);
  });

  it('knows no other queue or job', () => {
    expect(isQueueName('constructor')).toBe(false);
    expect(findJobDefinition('mail', 'toString')).toBeUndefined();
  });
});

describe('the wait before another try', () => {
  it('doubles from half a second to half a minute, and stays there', () => {
    expect([1, 2, 3, 6, 7, 8, 1_000_000].map((tries) => retryDelayMs(tries))).toEqual([
      500, 1000, 2000, 16_000, 30_000, 30_000, 30_000,
    ]);
    const { lastRetryMs } = findJobDefinition('mail', 'send-mail')!;
    expect([1, 10, 11, 1_000_000].map((tries) => retryDelayMs(tries, lastRetryMs))).toEqual([
      500, 256_000, 300_000, 300_000,
    ]);
  });
});
