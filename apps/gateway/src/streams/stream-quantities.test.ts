import { FixedClock, type MeterBinding } from '#domain';
import { describe, expect, it } from 'vitest';
import { compileBillability } from '../metering/billability.js';
import { CallCost } from '../metering/call-cost.js';
import { meterOperation } from '../metering/metering.js';
import { StreamQuantities } from './stream-quantities.js';

const table = compileBillability({});
const operation = { method: 'GET', template: '/feed', operation: 'feed', tags: [] };

const meteringOf = (value: MeterBinding['value'], weight: string) =>
  meterOperation(
    [
      { slug: 'requests', bindings: [{ selector: '*', weight: '1' }] },
      { slug: 'value', bindings: [{ selector: '*', weight, value }] },
    ],
    operation,
  );

/** The rows of a stream with a meter for requests and one for values. */
function aStream(value: MeterBinding['value'], { isWebSocket = true, room = Infinity, weight = '1' } = {}) {
  const clock = new FixedClock('2026-03-01T00:00:00Z');
  let metering = meteringOf(value, weight);
  const cost = new CallCost(metering, null, clock);
  const quantities = new StreamQuantities(isWebSocket);
  let isFirst = true;
  const row = (traffic: { bytesIn?: number; bytesOut?: number; messages?: number }, isLast = false) => {
    if (isLast) cost.end();
    const judgement = isLast ? table.webSocket : table.checkpoint;
    const passed = { bytesIn: 0, bytesOut: 0, ...traffic };
    const made = quantities.row({ metering, judgement, cost, traffic: passed, isFirst, isLast, room: () => room });
    isFirst = false;
    return made;
  };
  /** The catalogue has changed: what is counted from now on. */
  const renew = (next: MeterBinding['value'], nextWeight = '1', traffic = { bytesIn: 0, bytesOut: 0 }): void => {
    const before = metering;
    metering = meteringOf(next, nextWeight);
    quantities.renew(before, metering, cost, traffic);
  };
  return { clock, cost, row, renew };
}

describe('the rows of a stream', () => {
  it('have what has passed since the row before, and the request in the first', () => {
    const { row } = aStream({ from: 'messages' });
    expect(row({ messages: 0 }).quantities).toEqual({ requests: '1' });
    expect(row({ messages: 5 }).quantities).toEqual({ value: '5' });
    expect(row({ messages: 5 }).quantities).toEqual({});
    expect(row({ messages: 7 }, true).quantities).toEqual({ value: '2' });
  });

  it('count seconds to the millisecond', () => {
    const { clock, row } = aStream({ from: 'seconds' });
    clock.moveTo(clock.nowMs() + 55_250);
    expect(row({}).quantities).toEqual({ requests: '1', value: '55.25' });
    clock.moveTo(clock.nowMs() + 100_000);
    expect(row({}, true).quantities).toEqual({ value: '100' });
  });

  it('count what an answer says of itself so far, and never take it back', () => {
    const { cost, row } = aStream({ from: 'response_json', pointer: '/total', maximum: '100' }, { isWebSocket: false });
    cost.onHead(200, { 'content-type': 'text/event-stream' }, false, true);
    cost.onData(Buffer.from('data: {"total":30}\n\n'));
    expect(row({}).quantities).toEqual({ requests: '1', value: '30' });
    cost.onData(Buffer.from('data: {"total":20}\n\n'));
    expect(row({}).quantities).toEqual({});
    cost.onData(Buffer.from('data: {"total":45}\n\n'));
    expect(row({}, true)).toMatchObject({ quantities: { value: '15' }, isEstimated: false });
  });

  it('estimate only at the end, and no more than is left of the maximum', () => {
    const { cost, row } = aStream({ from: 'response_header', maximum: '100' }, { isWebSocket: false });
    cost.onHead(200, {}, false, true);
    expect(row({})).toMatchObject({ quantities: { requests: '1' }, isEstimated: false });
    expect(row({}, true)).toMatchObject({ quantities: { value: '100' }, isEstimated: true });
  });

  it('keep the maximum of an answer over all rows, and renew that of a connection', () => {
    const answer = aStream({ from: 'response_bytes', maximum: '10' }, { isWebSocket: false });
    expect(answer.row({ bytesOut: 8 }).quantities).toEqual({ requests: '1', value: '8' });
    expect(answer.row({ bytesOut: 15 }, true)).toMatchObject({ quantities: { value: '2' }, overrun: { value: '5' } });
    const connection = aStream({ from: 'response_bytes', maximum: '10' });
    expect(connection.row({ bytesOut: 8 }).quantities).toEqual({ requests: '1', value: '8' });
    expect(connection.row({ bytesOut: 18 }, true)).toMatchObject({ quantities: { value: '10' }, overrun: null });
  });

  it('count no more than what is reserved, and tell the rest', () => {
    const { row } = aStream({ from: 'messages' }, { room: 3_000_000, weight: '0.5' });
    expect(row({ messages: 8 })).toMatchObject({ quantities: { value: '3' }, overrun: { value: '1' } });
    expect(row({ messages: 10 }, true)).toMatchObject({ quantities: { value: '1' }, overrun: null });
  });
});

describe('the rows of a stream whose catalogue has changed', () => {
  const total = { from: 'response_json', pointer: '/total', maximum: '100' } as const;
  const events = { 'content-type': 'text/event-stream' };
  const say = (cost: CallCost, value: number): void => cost.onData(Buffer.from(`data: {"total":${value}}\n\n`));

  it('go on by a rule that says the same', () => {
    const { cost, row, renew } = aStream(total, { isWebSocket: false });
    cost.onHead(200, events, false, true);
    say(cost, 30);
    row({});
    renew({ ...total });
    say(cost, 45);
    expect(row({}).quantities).toEqual({ value: '15' });
    renew(total, '2');
    say(cost, 50);
    expect(row({}, true)).toMatchObject({ quantities: { value: '10' }, overrun: null, isEstimated: false });
  });

  it('count nothing by a rule for what has passed already, and estimate nothing', () => {
    const { cost, row, renew } = aStream({ from: 'messages' }, { isWebSocket: false });
    cost.onHead(200, events, false, true);
    say(cost, 30);
    row({ messages: 1 });
    renew(total);
    expect(row({ messages: 1 }, true)).toEqual({ quantities: {}, overrun: null, isEstimated: false });
  });

  it('count bytes of an answer up to the maximum of now, with those that had passed', () => {
    const { row, renew } = aStream({ from: 'messages' }, { isWebSocket: false });
    row({ bytesOut: 70 });
    renew({ from: 'response_bytes', maximum: '100' }, '1', { bytesIn: 0, bytesOut: 70 });
    expect(row({ bytesOut: 120 }, true)).toMatchObject({ quantities: { value: '30' }, overrun: { value: '20' } });
  });
});
