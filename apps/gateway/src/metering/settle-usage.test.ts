import { FixedClock, type MeterBinding } from '#domain';
import { describe, expect, it } from 'vitest';
import { compileBillability } from './billability.js';
import { billableWhenOf } from './billable-when.js';
import { CallCost } from './call-cost.js';
import { meterOperation } from './metering.js';
import { settleUsage, usedMicro } from './settle-usage.js';

const operation = { method: 'POST', template: '/chat', operation: 'chat', tags: [] };
const table = compileBillability({});
const clock = new FixedClock('2026-03-01T00:00:00Z');
const passed = { bytesIn: 120, bytesOut: 3_000 };
const requests = { slug: 'requests', bindings: [{ selector: '*', weight: '1' }] };
const tokens = (value: MeterBinding['value'], weight = '1') => ({
  slug: 'tokens',
  bindings: [{ selector: '*', weight, value }],
});
const inHeader = { from: 'response_header', maximum: '100' } as const;
const inJson = { from: 'response_json', pointer: '/usage/total', maximum: '100' } as const;

function settle(
  value: MeterBinding['value'],
  { headers = {}, body = '', weight = '1', judgement = table.ok }: Partial<Answer> = {},
) {
  const metering = meterOperation([requests, tokens(value, weight)], operation);
  const cost = new CallCost(metering, null, clock);
  cost.onHead(200, { 'content-type': 'application/json', ...headers }, body === '', true);
  if (body !== '') cost.onData(Buffer.from(body));
  cost.end();
  const settled = settleUsage(metering, judgement, cost, passed);
  return { ...settled, micro: metering.perMeter.map((metered) => usedMicro(metered, settled)) };
}

interface Answer {
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly weight: string;
  readonly judgement: (typeof table)['ok'];
}

describe('what a call has used', () => {
  it('is what every call uses when nothing says otherwise', () => {
    const metering = meterOperation([requests], operation);
    expect(settleUsage(metering, table.ok, null, passed)).toBeNull();
    expect(usedMicro(metering.perMeter[0]!, null)).toBe(1_000_000);
  });

  it('is what the header says, by its default name or its own, times the weight', () => {
    expect(settle(inHeader, { headers: { 'x-usage-cost': '42.5' } }).quantities).toEqual({
      requests: '1',
      tokens: '42.5',
    });
    const named = { ...inHeader, header: 'X-Tokens' };
    expect(settle(named, { headers: { 'x-tokens': '3' }, weight: '0.5' })).toMatchObject({
      quantities: { tokens: '1.5' },
      isEstimated: false,
      overrun: null,
      micro: [1_000_000, 1_500_000],
    });
  });

  it('is what the body says, else the header, else the maximum as an estimate', () => {
    const headers = { 'x-usage-cost': '7' };
    expect(settle(inJson, { headers, body: '{"usage":{"total":9}}' }).quantities).toMatchObject({ tokens: '9' });
    expect(settle(inJson, { headers, body: '{"usage":{}}' })).toMatchObject({
      quantities: { tokens: '7' },
      isEstimated: false,
    });
    expect(settle(inJson, { body: '{"usage":{"total":-9}}' })).toMatchObject({
      quantities: { tokens: '100' },
      isEstimated: true,
    });
    expect(settle(inJson, { body: 'no JSON' })).toMatchObject({ quantities: { tokens: '100' }, isEstimated: true });
  });

  it('is no more than the declared maximum, and what is above is an overrun', () => {
    expect(settle(inHeader, { headers: { 'x-usage-cost': '100.000001' } })).toEqual({
      quantities: { requests: '1', tokens: '100' },
      isEstimated: false,
      overrun: { tokens: '0.000001' },
      micro: [1_000_000, 100_000_000],
    });
  });

  it('is the bytes that have passed', () => {
    expect(settle({ from: 'request_bytes' }).quantities).toEqual({ requests: '1', tokens: '120' });
    expect(settle({ from: 'response_bytes' }, { weight: '0.001' }).quantities).toEqual({ requests: '1', tokens: '3' });
  });

  it('leaves out meters of which nothing was used', () => {
    expect(settle(inHeader, { headers: { 'x-usage-cost': '0' } })).toMatchObject({
      quantities: { requests: '1' },
      micro: [1_000_000, 0],
    });
  });

  it('is not estimated when the call counts for nothing', () => {
    expect(settle(inJson, { judgement: table.serverError })).toMatchObject({
      quantities: { requests: '1' },
      isEstimated: false,
    });
  });

  it('of a broken answer is only what the meters of values say, where the plan bills that', () => {
    const rules = compileBillability({ billability: { brokenAfterHead: { valueMeters: true } } });
    expect(settle({ from: 'response_bytes' }, { judgement: rules.brokenAfterHead }).quantities).toEqual({
      tokens: '3000',
    });
  });

  it('is a part of it when it comes from the cache', () => {
    const rules = compileBillability({ billability: { cacheHit: { factor: '0.1' } } });
    expect(settle(inHeader, { headers: { 'x-usage-cost': '5' }, judgement: rules.cacheHit })).toMatchObject({
      quantities: { requests: '0.1', tokens: '0.5' },
      micro: [100_000, 500_000],
    });
  });
});

describe('the receipt at the head', () => {
  const receipts = (value: MeterBinding['value'], headers: Record<string, string> = {}, judgement = table.ok) => {
    const metering = meterOperation([requests, tokens(value)], operation);
    const cost = new CallCost(metering, null, clock);
    cost.onHead(200, headers, false, true);
    return metering.perMeter.map((metered) => cost.receiptAtHead(metered, judgement));
  };
  const ok = '"requests";cost=1;billable=?1;reason="ok"';

  it('says the cost where it is known, and else what is reserved', () => {
    expect(receipts(inJson)).toEqual([ok, '"tokens";state=reserved;max=100']);
    expect(receipts(inHeader, { 'x-usage-cost': '5' })).toEqual([ok, '"tokens";cost=5;billable=?1;reason="ok"']);
    expect(receipts({ from: 'response_bytes' })).toEqual([ok, '"tokens";state=reserved;max=104857600']);
  });

  it('says that what counts for nothing costs nothing', () => {
    const verdict = 'billable=?0;reason="upstream_5xx"';
    expect(receipts(inJson, {}, table.serverError)).toEqual([
      `"requests";cost=1;${verdict}`,
      `"tokens";cost=0;${verdict}`,
    ]);
  });

  it('leaves it open when the body will tell whether the answer is a soft error', () => {
    const metering = meterOperation([requests], operation);
    const rule = billableWhenOf([{ selector: '*', pointer: '/ok', oneOf: ['true'] }], operation);
    const receipt = new CallCost(metering, rule, clock).receiptAtHead(metering.perMeter[0]!, table.ok);
    expect(receipt).toBe('"requests";state=reserved;max=1');
  });
});

describe('a soft error', () => {
  const isSoftError = (rule: Parameters<typeof billableWhenOf>[0][number], headers = {}, body?: string) => {
    const cost = new CallCost(meterOperation([requests], operation), billableWhenOf([rule], operation), clock);
    cost.onHead(200, { 'content-type': 'application/json', ...headers }, body === undefined, true);
    if (body !== undefined) cost.onData(Buffer.from(body));
    cost.end();
    return cost.isSoftError;
  };

  it('is told by a header', () => {
    const only = { selector: '*', header: 'X-Status', oneOf: ['ok'] };
    expect(isSoftError(only, { 'x-status': 'ok' })).toBe(false);
    expect(isSoftError(only, { 'x-status': 'failed' })).toBe(true);
    expect(isSoftError(only)).toBe(true);
    const unless = { selector: '*', header: 'X-Status', noneOf: ['failed'] };
    expect(isSoftError(unless, { 'x-status': 'failed' })).toBe(true);
    expect(isSoftError(unless)).toBe(false);
  });

  it('is told by a value in the body; an unreadable body is none', () => {
    const rule = { selector: 'chat', pointer: '/ok', oneOf: ['true'] };
    expect(isSoftError(rule, {}, '{"ok":true}')).toBe(false);
    expect(isSoftError(rule, {}, '{"ok":false}')).toBe(true);
    expect(isSoftError(rule, {}, '{}')).toBe(true);
    expect(isSoftError(rule, {}, '<html>')).toBe(false);
    expect(isSoftError(rule)).toBe(false);
  });

  it('is told by the first rule that matches the operation only', () => {
    expect(billableWhenOf([{ selector: 'other', header: 'x', oneOf: ['1'] }], operation)).toBeNull();
  });
});
