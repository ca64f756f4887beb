import { describe, expect, it } from 'vitest';
import { type MetricPoint, usageOfDataPoint } from './data-point-usage.js';
import { type LogRecord, usageOfLogRecord } from './log-record-usage.js';
import { telemetryPlace } from './telemetry-usage.js';
import type { TelemetryValue } from './telemetry-value.js';

const attributesOf = (record: Readonly<Record<string, TelemetryValue>>) => new Map(Object.entries(record));
const origin = {
  resource: attributesOf({ 'service.name': 'batch' }),
  scope: { name: 'billing', version: '1', attributes: attributesOf({}) },
};

function aRecord(attributes: Readonly<Record<string, TelemetryValue>> = {}): LogRecord {
  return {
    origin,
    eventName: 'tollgate.usage',
    timeUnixNano: 1_770_000_000_123_456_789n,
    observedTimeUnixNano: 0n,
    attributes: attributesOf({ 'log.record.uid': 'u1', 'tollgate.subscription.id': 's1', ...attributes }),
  };
}

function aPoint(overrides: Partial<MetricPoint> = {}, metric: Partial<MetricPoint['metric']> = {}): MetricPoint {
  return {
    origin,
    metric: { name: 'tollgate.usage.tokens', unit: '1', kind: 'sum', isMonotonic: true, temporality: 1, ...metric },
    attributes: attributesOf({ region: 'eu', 'tollgate.subscription.id': 's1' }),
    startTimeUnixNano: 1_770_000_000_000_000_000n,
    timeUnixNano: 1_770_000_060_000_000_000n,
    value: 12n,
    flags: 0,
    ...overrides,
  };
}

describe('a log record of OpenTelemetry', () => {
  it('is the event that its id names, with quantities and attributes of their own', () => {
    const record = aRecord({
      'tollgate.quantity.tokens': 9_007_199_254_740_993n,
      'tollgate.quantity.seconds': '0.25',
      'tollgate.attributes.user.id': 7n,
      'tollgate.attributes.user.tags': ['a', 18_014_398_509_481_984n],
      'tollgate.operation': 'nightly',
      'tollgate.billable': false,
      'http.route': '/x',
    });
    expect(usageOfLogRecord(record)).toEqual({
      specversion: '1.0',
      type: 'tollgate.usage',
      source: 'batch',
      id: 'u1',
      subject: 's1',
      time: '2026-02-02T02:40:00.123Z',
      data: {
        quantities: { tokens: '9007199254740993', seconds: '0.25' },
        operation: 'nightly',
        billable: false,
        attributes: { user: { id: 7, tags: ['a', '18014398509481984'] } },
      },
    });
  });

  it('was used when it was seen, without a time of its own, and when it is received without either', () => {
    const seen = { ...aRecord(), timeUnixNano: 0n, observedTimeUnixNano: 1_770_000_000_000_000_000n };
    expect(usageOfLogRecord(seen)).toMatchObject({ time: '2026-02-02T02:40:00.000Z' });
    expect(usageOfLogRecord({ ...seen, observedTimeUnixNano: 0n })).not.toHaveProperty('time');
  });

  it('is refused without an id, since a repetition could not be told from a second use', () => {
    const record = { ...aRecord(), attributes: attributesOf({ 'tollgate.subscription.id': 's1' }) };
    expect(usageOfLogRecord(record)).toMatchObject({ place: 'attribute log.record.uid' });
  });

  it('is refused under another name, whatever else it says', () => {
    expect(usageOfLogRecord({ ...aRecord(), eventName: 'tolgate.usage' })).toMatchObject({ place: 'eventName' });
    expect(usageOfLogRecord({ ...aRecord(), eventName: '' })).toMatchObject({ place: 'eventName' });
    expect(usageOfLogRecord({ ...aRecord({ 'event.name': 'tollgate.usage' }), eventName: '' })).toMatchObject({
      id: 'u1',
    });
  });

  it.each([
    [['tollgate.attributes.user', 'tollgate.attributes.user.id']],
    [['tollgate.attributes.user.id', 'tollgate.attributes.user']],
    [[`tollgate.attributes.${'a.'.repeat(1_000_000)}b`]],
  ])('is refused for attributes that are no tree of eight levels', (names) => {
    const attributes = Object.fromEntries(names.map((name) => [name, { x: 1n }]));
    expect(usageOfLogRecord(aRecord(attributes))).toMatchObject({ place: expect.stringContaining('attributes.') });
  });

  it('takes names that objects have of their own for what they are', () => {
    const event = usageOfLogRecord(aRecord({ 'tollgate.attributes.__proto__.admin': true })) as { data: object };
    expect(Object.keys((event.data as { attributes: object }).attributes)).toEqual(['__proto__']);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});

describe('a data point of OpenTelemetry', () => {
  const idOf = (point: MetricPoint) => (usageOfDataPoint(point) as { id: string }).id;

  it('is the usage between its two instants, at the end of them', () => {
    expect(usageOfDataPoint(aPoint())).toMatchObject({
      source: 'batch',
      time: '2026-02-02T02:41:00.000Z',
      data: { quantities: { tokens: '12' } },
    });
  });

  it('is taken when it starts and ends in the same millisecond', () => {
    const at = 1_770_000_060_000_000_000n;
    expect(usageOfDataPoint(aPoint({ startTimeUnixNano: at, timeUnixNano: at }))).toHaveProperty('id');
  });

  it('has the same id whenever it is sent again, in whatever order its attributes come', () => {
    const reordered = attributesOf({ 'tollgate.subscription.id': 's1', region: 'eu' });
    expect(idOf(aPoint({ attributes: reordered, value: 13n }))).toBe(idOf(aPoint()));
  });

  it.each<[string, Partial<MetricPoint>, Partial<MetricPoint['metric']>?]>([
    ['another attribute', { attributes: attributesOf({ region: 'us', 'tollgate.subscription.id': 's1' }) }],
    ['an integer for a text', { attributes: attributesOf({ region: 1n, 'tollgate.subscription.id': 's1' }) }],
    ['a text for an integer', { attributes: attributesOf({ region: '1', 'tollgate.subscription.id': 's1' }) }],
    ['a number for an integer', { attributes: attributesOf({ region: 1, 'tollgate.subscription.id': 's1' }) }],
    ['a list', { attributes: attributesOf({ region: ['eu'], 'tollgate.subscription.id': 's1' }) }],
    ['another start', { startTimeUnixNano: 1_770_000_000_000_000_001n }],
    ['another end', { timeUnixNano: 1_770_000_060_000_000_001n }],
    ['another instance', { origin: { ...origin, resource: attributesOf({ 'service.name': 'batch', i: '2' }) } }],
    ['another scope', { origin: { ...origin, scope: { ...origin.scope, name: 'other' } } }],
    ['another meter', {}, { name: 'tollgate.usage.calls' }],
  ])('has an id of its own for %s', (_, overrides, metric = {}) => {
    expect(idOf(aPoint(overrides, metric))).not.toBe(idOf(aPoint()));
  });

  it('is nothing when nothing was counted', () => {
    expect(usageOfDataPoint(aPoint({ value: 0n }))).toBeNull();
    expect(usageOfDataPoint(aPoint({ value: -0 }))).toBeNull();
    expect(usageOfDataPoint(aPoint({ value: null, flags: 1 }))).toBeNull();
  });

  it.each<[string, Partial<MetricPoint>, Partial<MetricPoint['metric']>, string]>([
    ['cumulative sums', {}, { temporality: 2 }, 'aggregationTemporality'],
    ['sums that do not say', {}, { temporality: 0 }, 'aggregationTemporality'],
    ['gauges', {}, { kind: 'gauge', isMonotonic: false, temporality: 0 }, 'metric tollgate.usage.tokens'],
    ['sums that can fall', {}, { isMonotonic: false }, 'metric tollgate.usage.tokens'],
    ['metrics of something else', {}, { name: 'http.server.duration' }, 'metric name'],
    ['metrics of no meter', {}, { name: 'tollgate.usage.' }, 'metric name'],
    ['points without a start', { startTimeUnixNano: 0n }, {}, 'startTimeUnixNano'],
    ['points that end before they start', { timeUnixNano: 1n }, {}, 'startTimeUnixNano'],
    ['fractions, which are not exact', { value: 0.1 }, {}, 'metric tollgate.usage.tokens'],
    ['what is no number', { value: Number.NaN }, {}, 'metric tollgate.usage.tokens'],
  ])('is refused of %s', (_, overrides, metric, place) => {
    expect(usageOfDataPoint(aPoint(overrides, metric))).toMatchObject({ place });
  });
});

it('names the attribute that a fault of the event is in', () => {
  expect(telemetryPlace('/data/quantities/a~1b')).toBe('attribute tollgate.quantity.a/b');
  expect(telemetryPlace('/data/attributes/user/id')).toBe('attribute tollgate.attributes.user.id');
  expect(telemetryPlace('/subject')).toBe('attribute tollgate.subscription.id or tollgate.application.id');
  expect(telemetryPlace('/data/operation')).toBe('attribute tollgate.operation');
  expect(telemetryPlace('/source')).toBe('resource attribute service.name');
});
