import { describe, expect, it } from 'vitest';
import { RandomTraceIds } from './random-trace-ids.js';
import { traceContext, traceparent } from './trace-context.js';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const span = '00f067aa0ba902b7';
const ids = { traceId: () => 'a'.repeat(32), spanId: () => 'b'.repeat(16) };
const read = (...rawHeaders: string[]) => traceContext(rawHeaders, ids, () => 1);

describe('the trace context of a request', () => {
  it('goes on with the trace of the caller, under a span of our own', () => {
    const context = read('Traceparent', `00-${trace}-${span}-01`, 'tracestate', 'a=1', 'tracestate', 'b=2 , c=3');
    expect(context).toEqual({
      traceId: trace,
      spanId: ids.spanId(),
      parentSpanId: span,
      flags: 1,
      state: 'a=1,b=2,c=3',
    });
    expect(traceparent(context)).toBe(`00-${trace}-${ids.spanId()}-01`);
  });

  it('keeps that the caller does not record, and drops flags that nobody has defined', () => {
    expect(read('traceparent', `00-${trace}-${span}-00`).flags).toBe(0);
    expect(read('traceparent', `00-${trace}-${span}-fe`).flags).toBe(0);
    expect(read('traceparent', `00-${trace}-${span}-ff`).flags).toBe(1);
  });

  it('reads a later version by its first four parts', () => {
    expect(read('traceparent', `cc-${trace}-${span}-01-what-the-future-holds`).traceId).toBe(trace);
    expect(read('traceparent', `cc-${trace}-${span}-01`).traceId).toBe(trace);
  });

  it.each([
    ['no field', []],
    ['version ff', ['traceparent', `ff-${trace}-${span}-01`]],
    ['more in version 00', ['traceparent', `00-${trace}-${span}-01-x`]],
    ['more without a hyphen', ['traceparent', `cc-${trace}-${span}-01.x`]],
    ['capitals', ['traceparent', `00-${trace.toUpperCase()}-${span}-01`]],
    ['a trace of zeros', ['traceparent', `00-${'0'.repeat(32)}-${span}-01`]],
    ['a span of zeros', ['traceparent', `00-${trace}-${'0'.repeat(16)}-01`]],
    ['a short trace', ['traceparent', `00-${trace.slice(1)}-${span}-01`]],
    ['two fields', ['traceparent', `00-${trace}-${span}-01`, 'traceparent', `00-${trace}-${span}-01`]],
    ['nothing in it', ['traceparent', '']],
  ])('begins anew, without a state, for %s', (_, rawHeaders) => {
    const context = read(...rawHeaders, 'tracestate', 'a=1');
    expect(context).toEqual({
      traceId: ids.traceId(),
      spanId: ids.spanId(),
      parentSpanId: null,
      flags: 1,
      state: null,
    });
  });

  const stateOf = (state: string) => read('traceparent', `00-${trace}-${span}-01`, 'tracestate', state).state;

  it.each([
    ['A=1'],
    ['a=1,a=2'],
    ['a'],
    ['a=b=c'],
    ['a=1,b=\u00e9'],
    [Array.from({ length: 33 }, (_, index) => `k${index}=1`).join(',')],
  ])('drops a state that is malformed: %s', (state) => {
    expect(stateOf(state)).toBeNull();
  });

  it('keeps a state within 512 characters: long members go first, then the oldest', () => {
    const long = `long=${'x'.repeat(124)}`;
    const members = Array.from({ length: 12 }, (_, index) => `k${index}=${'x'.repeat(40)}`);
    const kept = stateOf([long, ...members].join(','))!;
    expect(kept.length).toBeLessThanOrEqual(512);
    expect(kept).toBe(members.slice(0, kept.split(',').length).join(','));
    expect(kept.split(',').length).toBe(11);
    expect(stateOf([long, ...members.slice(0, 5)].join(','))).toContain(long);
  });
});

describe('random trace ids', () => {
  it('are of the right form and all different, over the end of the pool', () => {
    const random = new RandomTraceIds();
    const all = Array.from({ length: 2_000 }, () => [random.traceId(), random.spanId()]).flat();
    expect(new Set(all).size).toBe(4_000);
    expect(all.every((id, index) => (index % 2 === 0 ? /^[0-9a-f]{32}$/ : /^[0-9a-f]{16}$/).test(id))).toBe(true);
  });
});
