import type { UsageEvent } from '#domain';
import { describe, expect, it } from 'vitest';
import { parseUsageEvent } from './parse-usage-event.js';

const id = (last: number) => `0190aaaa-0000-7000-8000-00000000000${last}`;
const live: UsageEvent = {
  id: id(1),
  seq: 0,
  endedAtMs: 1_770_000_000_000,
  gatewayId: 'gateway-1',
  mode: 'live',
  organizationId: id(2),
  applicationId: id(3),
  credentialId: id(4),
  subscriptionId: id(5),
  phaseId: id(6),
  planVersionId: id(7),
  periodStartMs: 1_769_000_000_000,
  apiProductId: id(8),
  apiVersionId: id(9),
  operation: 'GET /wetter/{größe}',
  method: 'GET',
  status: 200,
  outcome: 'delivered',
  reason: 'ok',
  attempts: 1,
  bytesIn: 0,
  bytesOut: 1,
  quantities: { requests: '1', 'tokens.in': '0.000000000001' },
  billable: true,
  countsToQuota: true,
};
const test = {
  ...live,
  mode: 'test',
  billable: false,
  subscriptionId: null,
  phaseId: null,
  planVersionId: null,
  periodStartMs: null,
};
const parse = (value: unknown) => parseUsageEvent(value, 'gateway-1');

describe('parseUsageEvent', () => {
  it('returns the event, and none of what it does not know', () => {
    expect(parse({ ...live, surprise: true })).toEqual(live);
    expect(parse(test)).toEqual(test);
  });

  it.each(Object.keys(live))('says so when %s is missing', (field) => {
    const { [field as keyof UsageEvent]: _, ...rest } = live;
    expect(parse(rest)).toBe(`${field} is missing or malformed`);
  });

  it.each<[string, Partial<Record<keyof UsageEvent, unknown>>]>([
    ['an id of another version', { id: '0190aaaa-0000-4000-8000-000000000001' }],
    ['a sequence number of more than two bytes', { seq: 0x10000 }],
    ['a time that is no whole millisecond', { endedAtMs: 1.5 }],
    ['control characters', { operation: 'a\u001fb' }],
    ['half a character', { operation: '\ud83e' }],
    ['a text without end', { operation: 'x'.repeat(2001) }],
    ['a status that is none', { status: 99 }],
    ['more attempts than fit', { attempts: 32_768 }],
    ['negative bytes', { bytesOut: -1 }],
    ['a quantity as a number', { quantities: { requests: 1 } }],
    ['a quantity in another spelling', { quantities: { requests: '1e3' } }],
    ['a quantity whose sum could overflow', { quantities: { requests: '1000000000000000' } }],
    ['a meter that needs escaping', { quantities: { 'a"b': '1' } }],
    ['too many meters', { quantities: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`m${n}`, '1'])) }],
    ['another gateway’s journal', { gatewayId: 'gateway-2' }],
    ['live usage without a phase', { phaseId: null }],
  ])('refuses %s', (_, change) => {
    expect(parse({ ...live, ...change })).toEqual(expect.any(String));
  });

  it('refuses test usage that is billable or has a subscription', () => {
    expect(parse({ ...test, billable: true })).toBe('billable in test mode');
    expect(parse({ ...test, subscriptionId: id(5) })).toBe('subscriptionId does not fit mode test');
  });
});
