import zlib from 'node:zlib';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { AggregationTemporalityPreference, OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { createIngestToken, verifyLedger } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { type LossyRelay, startLossyRelay } from '../../support/lossy-relay.js';
import { withClient } from '../../../scripts/launcher/database.mjs';
import { RunningApi } from './running-api.js';

const peppers = [{ id: '1', secret: Buffer.alloc(32, 7) }];
const DAY_MS = 86_400_000;
const SERVICE = { 'service.name': 'nightly-batch' };

interface Outcome {
  readonly partialSuccess?: {
    readonly rejectedLogRecords?: string;
    readonly rejectedDataPoints?: string;
    readonly errorMessage?: string;
  };
  readonly code?: number;
  readonly message?: string;
}

interface Value {
  readonly stringValue?: string;
  readonly intValue?: string | number;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
}
type Attributes = Readonly<Record<string, Value | undefined>>;

const text = (stringValue: string): Value => ({ stringValue });
const attributesOf = (values: Attributes) =>
  Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]));

describe('usage that comes by OpenTelemetry', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let relay: LossyRelay;
  let own: SubscriptionRow;
  let foreign: SubscriptionRow;
  let token: string;
  let nextId = 0;
  // The exporters of OpenTelemetry know the time of the machine only.
  const now = new Date();

  beforeAll(async () => {
    database = await createTestDatabase(now.toISOString());
    api = await RunningApi.start(database, { KEY_PEPPERS: `1:${peppers[0]!.secret.toString('base64')}` });
    relay = await startLossyRelay(api.url);
    const anchorAt = new Date(now.getTime() - 10 * DAY_MS);
    own = await aSubscription(database, { anchorAt });
    foreign = await aSubscription(database, { anchorAt, organizationName: 'Grace Ltd' });
    const [team] = await rows<{ slug: string }>(
      `SELECT publisher_team.slug FROM api_product JOIN publisher_team ON publisher_team.id = publisher_team_id
       WHERE api_product.id = $1`,
      [own.apiProductId],
    );
    const actor = { kind: 'cli', id: null } as const;
    ({ token } = await createIngestToken(database.context, { publisher: team!.slug, name: 'otel', peppers, actor }));
  });
  afterAll(async () => {
    await relay.close();
    await api.stop();
    await database.dispose();
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const counted = async () =>
    (
      await rows<{ units: number; events: number }>(
        `SELECT coalesce(sum(quantity_sum), 0)::float AS units, coalesce(sum(event_count), 0)::integer AS events FROM usage_rollup`,
      )
    )[0]!;
  const whatCounts = async (work: () => Promise<unknown>) => {
    const before = await counted();
    await work();
    const after = await counted();
    return { units: after.units - before.units, events: after.events - before.events };
  };

  const send = async (signal: string, body: string | Buffer, headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(`${api.url}/api/v1/otlp/v1/${signal}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body,
    });
    const answer = Buffer.from(await response.arrayBuffer());
    const isJson = response.headers.get('content-type') === 'application/json';
    return {
      status: response.status,
      headers: response.headers,
      bytes: answer,
      body: (isJson ? JSON.parse(answer.toString('utf8')) : {}) as Outcome,
    };
  };
  const aRecord = (attributes: Attributes = {}, fields: object = {}) => ({
    timeUnixNano: `${now.getTime() - 60_000}000000`,
    eventName: 'tollgate.usage',
    attributes: attributesOf({
      'log.record.uid': text(`record-${++nextId}`),
      'tollgate.subscription.id': text(own.id),
      'tollgate.quantity.requests': text('2.5'),
      ...attributes,
    }),
    traceId: '5b8efff798038103d269b633813fc60c',
    ...fields,
  });
  const logsOf = (logRecords: readonly object[], service: object = SERVICE) =>
    JSON.stringify({
      resourceLogs: [
        {
          resource: {
            attributes: Object.entries(service).map(([key, value]) => ({ key, value: text(String(value)) })),
          },
          scopeLogs: [{ scope: { name: 'billing' }, logRecords, somethingNew: [1] }],
        },
      ],
    });
  const sendLogs = (...records: readonly object[]) => send('logs', logsOf(records));
  let nextStart = 0;
  const aPoint = (overrides: object = {}, attributes: Attributes = {}) => ({
    startTimeUnixNano: `${now.getTime() - 120_000 + ++nextStart}000000`,
    timeUnixNano: `${now.getTime() - 60_000}000000`,
    asInt: '3',
    attributes: attributesOf({ 'tollgate.subscription.id': text(own.id), ...attributes }),
    ...overrides,
  });
  const aSum = (dataPoints: readonly object[], overrides: object = {}) => ({
    name: 'tollgate.usage.requests',
    sum: { dataPoints, aggregationTemporality: 1, isMonotonic: true, ...overrides },
  });
  const sendMetrics = (...metrics: readonly object[]) =>
    send(
      'metrics',
      JSON.stringify({
        resourceMetrics: [
          { resource: { attributes: attributesOf({ 'service.name': text('x') }) }, scopeMetrics: [{ metrics }] },
        ],
      }),
    );

  it('as log records of its own exporter counts once, though the answer is lost and the exporter sends again', async () => {
    const exporter = new OTLPLogExporter({
      url: `${relay.url}/api/v1/otlp/v1/logs`,
      headers: { authorization: `Bearer ${token}` },
      compression: 'gzip' as never,
    });
    const provider = new LoggerProvider({
      resource: resourceFromAttributes(SERVICE),
      processors: [new SimpleLogRecordProcessor({ exporter })],
    });
    relay.loseNextAnswer();
    const usage = await whatCounts(async () => {
      provider.getLogger('billing').emit({
        eventName: 'tollgate.usage',
        timestamp: new Date(now.getTime() - 1_000),
        body: { any: ['thing'] },
        attributes: {
          'log.record.uid': 'job-17',
          'tollgate.subscription.id': own.id,
          'tollgate.quantity.requests': 1_250,
          'tollgate.operation': 'nightly summary',
        },
      });
      await provider.shutdown();
    });
    expect(relay.bodies).toHaveLength(2);
    expect(relay.bodies[0]!.headers['content-encoding']).toBe('gzip');
    expect(usage).toEqual({ units: 1_250, events: 1 });
    const [event] = await rows(
      `SELECT source, reported_event.id, operation, method FROM reported_event JOIN usage_event ON usage_event.id = usage_event_id`,
    );
    expect(event).toEqual({ source: 'nightly-batch', id: 'job-17', operation: 'nightly summary', method: 'REPORT' });

    const { bytes, headers } = relay.bodies[0]!;
    const again = await whatCounts(async () => {
      const type = { 'content-type': headers['content-type']!, 'content-encoding': 'gzip' };
      const answers = await Promise.all(Array.from({ length: 5 }, () => send('logs', bytes, type)));
      expect(answers.map(({ status, bytes: answer }) => [status, answer.length])).toEqual(Array(5).fill([200, 0]));
      expect(answers[0]!.headers.get('content-type')).toBe('application/x-protobuf');
    });
    expect(again).toEqual({ units: 0, events: 0 });
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });
  });

  it('as counters of its own exporter counts what was added between two collections, once, though an answer is lost', async () => {
    const exporter = new OTLPMetricExporter({
      url: `${relay.url}/api/v1/otlp/v1/metrics`,
      headers: { authorization: `Bearer ${token}` },
      temporalityPreference: AggregationTemporalityPreference.DELTA,
    });
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    const provider = new MeterProvider({ resource: resourceFromAttributes(SERVICE), readers: [reader] });
    const counter = provider.getMeter('billing').createCounter('tollgate.usage.requests', { valueType: 0 });
    const of = (region: string) => ({ 'tollgate.subscription.id': own.id, region });
    const usage = await whatCounts(async () => {
      counter.add(10, of('eu'));
      counter.add(5, of('us'));
      relay.loseNextAnswer();
      await provider.forceFlush();
      counter.add(7, of('eu'));
      await provider.shutdown();
    });
    expect(usage).toEqual({ units: 22, events: 3 });
    const last = relay.bodies.at(-1)!;
    expect(last.headers['content-type']).toBe('application/json');
    expect(await whatCounts(() => send('metrics', last.bytes))).toEqual({ units: 0, events: 0 });
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });
  });

  it('is refused of counters that go on counting, with words that say what to set', async () => {
    const exporter = new OTLPMetricExporter({
      url: `${api.url}/api/v1/otlp/v1/metrics`,
      headers: { authorization: `Bearer ${token}` },
    });
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    const provider = new MeterProvider({ resource: resourceFromAttributes(SERVICE), readers: [reader] });
    provider
      .getMeter('billing')
      .createCounter('tollgate.usage.requests')
      .add(1, { 'tollgate.subscription.id': own.id });
    const { resourceMetrics } = await reader.collect();
    const result = await new Promise<{ code: number; error?: Error & { code?: number; data?: string } }>((resolve) =>
      exporter.export(resourceMetrics, resolve),
    );
    expect(result.error).toMatchObject({ code: 400 });
    expect(JSON.parse(result.error!.data!)).toMatchObject({
      code: 3,
      message: expect.stringContaining('OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=delta'),
    });
  });

  it('counts records that name the application, as upstreams know callers', async () => {
    const byApplication = {
      'tollgate.subscription.id': undefined,
      'tollgate.application.id': text(own.applicationId),
      'tollgate.product': text(own.product),
    };
    expect(await whatCounts(() => sendLogs(aRecord(byApplication)))).toEqual({ units: 2.5, events: 1 });
    const { body } = await sendLogs(aRecord({ ...byApplication, 'tollgate.product': text('maps') }));
    expect(body).toMatchObject({ message: expect.stringContaining('attribute tollgate.product') });
  });

  it.each<[string, Attributes, object, string]>([
    ['without an id', { 'log.record.uid': undefined }, {}, 'attribute log.record.uid: is missing'],
    ['under another name', {}, { eventName: 'user.login' }, 'eventName'],
    ['of no subscription', { 'tollgate.subscription.id': undefined }, {}, 'attribute tollgate.subscription.id'],
    ['of a meter that is not there', { 'tollgate.quantity.tokens': text('1') }, {}, 'tollgate.quantity.tokens'],
    ['of less than nothing', { 'tollgate.quantity.requests': { intValue: '-1' } }, {}, 'tollgate.quantity.requests'],
    ['of a fraction', { 'tollgate.quantity.requests': { doubleValue: 0.1 } }, {}, 'tollgate.quantity.requests'],
    ['of nothing', { 'tollgate.quantity.requests': undefined }, {}, 'attribute tollgate.quantity.<meter>'],
    ['of tomorrow', {}, { timeUnixNano: `${now.getTime() + DAY_MS}000000` }, 'timeUnixNano'],
    ['of before the subscription', {}, { timeUnixNano: `${now.getTime() - 20 * DAY_MS}000000` }, 'timeUnixNano'],
    ['that is billed perhaps', { 'tollgate.billable': text('yes') }, {}, 'attribute tollgate.billable'],
  ])('loses no record to another one %s, which is named', async (_, attributes, fields, place) => {
    let answer: Awaited<ReturnType<typeof send>>;
    const usage = await whatCounts(
      async () => (answer = await sendLogs(aRecord(), aRecord(attributes, fields), aRecord())),
    );
    expect(usage).toEqual({ units: 5, events: 2 });
    expect(answer!).toMatchObject({ status: 200, body: { partialSuccess: { rejectedLogRecords: '1' } } });
    expect(answer!.body.partialSuccess!.errorMessage).toContain('resourceLogs.0.scopeLogs.0.logRecords.1');
    expect(answer!.body.partialSuccess!.errorMessage).toContain(place);
    expect(api.logLines.join('')).toContain('telemetry was rejected');
  });

  it('of an id that was used for something else is told, and not counted', async () => {
    const record = aRecord({ 'log.record.uid': text('twice') });
    const other = aRecord({ 'log.record.uid': text('twice'), 'tollgate.quantity.requests': text('9') });
    let answer: Awaited<ReturnType<typeof send>>;
    expect(await whatCounts(async () => (answer = await sendLogs(record, other)))).toEqual({ units: 2.5, events: 1 });
    expect(answer!.body.partialSuccess!.errorMessage).toContain('("twice"), attribute log.record.uid');
  });

  it('of different services may have the same ids', async () => {
    const record = aRecord();
    const usage = await whatCounts(async () => {
      await send('logs', logsOf([record]));
      await send('logs', logsOf([record], { 'service.name': 'other' }));
      await send('logs', logsOf([record], { 'service.name': 'other' }));
    });
    expect(usage).toEqual({ units: 5, events: 2 });
    expect((await send('logs', logsOf([record], {}))).body.message).toContain('resource attribute service.name');
  });

  it('names a foreign subscription exactly as one that does not exist', async () => {
    const answers = await Promise.all(
      [foreign.id, '01900000-0000-7000-8000-000000000000'].map((id) =>
        sendLogs(aRecord({ 'log.record.uid': text('same'), 'tollgate.subscription.id': text(id) })),
      ),
    );
    expect(answers[0]).toMatchObject({ status: 400, body: { code: 3 } });
    expect(answers[0]!.body).toEqual(answers[1]!.body);
  });

  it('of many records, some of them at fault, counts all others, in several parts', async () => {
    const records = Array.from({ length: 1_500 }, (_, at) =>
      aRecord(at % 100 === 7 ? { 'tollgate.quantity.requests': text('x') } : {}),
    );
    let answer: Awaited<ReturnType<typeof send>>;
    const usage = await whatCounts(async () => (answer = await sendLogs(...records)));
    expect(usage.events).toBe(1_485);
    expect(answer!.body.partialSuccess!.rejectedLogRecords).toBe('15');
    expect(answer!.body.partialSuccess!.errorMessage).toMatch(/logRecords\.7 .*logRecords\.907 .*; …$/s);
    expect((await whatCounts(() => sendLogs(...records))).events).toBe(0);
    const tooMany = await sendLogs(...Array.from({ length: 10_001 }, () => ({})));
    expect(tooMany).toMatchObject({ status: 400, body: { message: expect.stringContaining('(telemetry_size)') } });
  });

  it('as data points is taken of counters with delta temporality alone, and the others are told', async () => {
    const good = aPoint();
    let answer: Awaited<ReturnType<typeof send>>;
    const usage = await whatCounts(async () => {
      answer = await sendMetrics(
        aSum([good, aPoint({ asInt: '0' }), aPoint({ asInt: undefined, asDouble: 4 })]),
        aSum([aPoint()], { aggregationTemporality: 2 }),
        aSum([aPoint({ asInt: '-2' })]),
        { ...aSum([aPoint({}, { 'tollgate.subscription.id': text(foreign.id) })]) },
        {
          name: 'tollgate.usage.tokens',
          sum: { dataPoints: [aPoint()], aggregationTemporality: 1, isMonotonic: true },
        },
        { name: 'http.server.active', gauge: { dataPoints: [aPoint(), aPoint()] } },
        { name: 'tollgate.usage.requests', histogram: { dataPoints: [{ count: '3' }] } },
      );
    });
    expect(usage).toEqual({ units: 7, events: 2 });
    const { rejectedDataPoints, errorMessage } = answer!.body.partialSuccess!;
    expect(rejectedDataPoints).toBe('7');
    expect(errorMessage).toContain('metrics.2.dataPoints.0 (tollgate.usage.requests), metric tollgate.usage.requests');
    expect(errorMessage).toContain('metric tollgate.usage.tokens: the product has no such meter');
    expect(errorMessage).toContain('expected a counter (a monotonic sum), not a histogram');
    const changed = await sendMetrics(aSum([{ ...good, asInt: '4' }]));
    expect(changed.body.message).toContain('says something else');
  });

  it('is all well when there is none', async () => {
    for (const body of ['{}', '{"resourceLogs":[]}']) {
      expect(await send('logs', body)).toMatchObject({ status: 200, body: {} });
    }
    const empty = await send('metrics', Buffer.alloc(0), { 'content-type': 'application/x-protobuf' });
    expect([empty.status, empty.bytes.length]).toEqual([200, 0]);
  });

  it('is sent again by exporters when something fails on this side, and counts once then', async () => {
    const body = logsOf([aRecord()]);
    const rename = (from: string, to: string) =>
      withClient(database.superuserUrl, (client) => client.query(`ALTER TABLE ${from} RENAME TO ${to}`));
    const usage = await whatCounts(async () => {
      await rename('reported_event', 'away');
      try {
        const failed = await send('logs', body);
        expect(failed).toMatchObject({ status: 503, body: { code: 14 } });
        expect(failed.headers.get('retry-after')).toBe('5');
        expect(failed.body.message).not.toContain('reported_event');
      } finally {
        await rename('away', 'reported_event');
      }
      expect((await send('logs', body)).status).toBe(200);
    });
    expect(usage).toEqual({ units: 2.5, events: 1 });
  });

  it('needs a token, and says so as exporters read it', async () => {
    const refused = await send('logs', '{}', { authorization: 'Bearer tgi_none' });
    expect(refused).toMatchObject({ status: 401, body: { code: 16, message: expect.stringContaining('tgi_') } });
    const binary = await send('logs', Buffer.alloc(0), { authorization: '', 'content-type': 'application/x-protobuf' });
    expect(binary.status).toBe(401);
    expect(binary.headers.get('content-type')).toBe('application/x-protobuf');
    // google.rpc.Status: field 1, a varint, is 16.
    expect(binary.bytes.subarray(0, 2)).toEqual(Buffer.from([0x08, 16]));
    const get = await fetch(`${api.url}/api/v1/otlp/v1/logs`);
    expect(get.status).toBe(404);
  });

  const protobuf = { 'content-type': 'application/x-protobuf' };
  const nested = (depth: number) => `${'{"arrayValue":{"values":['.repeat(depth)}{}${']}}'.repeat(depth)}`;
  const field = (number: number, bytes: Buffer) => {
    const length = [];
    for (let left = bytes.length; ; left >>>= 7) {
      length.push(left > 127 ? (left & 127) | 128 : left);
      if (left <= 127) return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes]);
    }
  };
  const nestedBytes = () => {
    let value: Buffer = Buffer.alloc(0);
    for (let depth = 0; depth < 2_000; depth++) value = field(5, field(1, value));
    const keyValue = field(2, value);
    return field(1, field(1, field(1, keyValue)));
  };
  it.each<[string, () => string | Buffer, Readonly<Record<string, string>>, number, string]>([
    ['no JSON', () => '{"resourceLogs":', {}, 400, 'malformed_request'],
    ['JSON of another form', () => '{"resourceLogs": "x"}', {}, 400, 'otlp_malformed'],
    ['a list', () => '[]', {}, 400, 'otlp_malformed'],
    ['bytes that are no message', () => Buffer.from([0x0a, 0xff, 0x01]), protobuf, 400, 'otlp_malformed'],
    [
      'what is nested too deep',
      () => `{"resourceLogs":[{"resource":{"attributes":[{"key":"a","value":${nested(1_000)}}]}}]}`,
      {},
      400,
      'otlp_malformed',
    ],
    ['bytes that are nested too deep', nestedBytes, protobuf, 400, 'otlp_malformed'],
    [
      'millions of messages of two bytes',
      () => Buffer.alloc(4_000_000, Buffer.from([0x0a, 0])),
      protobuf,
      400,
      'otlp_too_many_values',
    ],
    ['as many values of JSON', () => `{"resourceLogs":[${'{},'.repeat(600_000)}{}]}`, {}, 400, 'otlp_too_many_values'],
    [
      'an integer that has lost digits',
      () => logsOf([aRecord({ 'tollgate.quantity.requests': { intValue: 2 ** 60 } })]),
      {},
      400,
      '64-bit integers are texts',
    ],
    ['more than may be', () => Buffer.alloc(9 * 1024 * 1024), protobuf, 413, 'body_too_large'],
    [
      'a few bytes that become gigabytes',
      () => zlib.gzipSync(Buffer.alloc(100 * 1024 * 1024)),
      { ...protobuf, 'content-encoding': 'gzip' },
      413,
      'send_batch_max_size',
    ],
    [
      'half of what was packed',
      () => zlib.gzipSync('{"resourceLogs":[]}').subarray(0, 20),
      { 'content-encoding': 'gzip' },
      400,
      'gzip',
    ],
    ['what is packed otherwise', () => '{}', { 'content-encoding': 'zstd' }, 415, 'gzip'],
    ['another form', () => 'x', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
  ])('is refused of %s', async (_, body, headers, status, words) => {
    const answer = await send('logs', body(), headers);
    expect(answer.status).toBe(status);
    expect(answer.bytes.toString('utf8')).toContain(words);
    expect((await send('logs', '{}')).status).toBe(200);
  });

  it('is unpacked at its own addresses alone', async () => {
    for (const headers of [protobuf, { 'content-type': 'application/json', 'content-encoding': 'gzip' }]) {
      const { status } = await fetch(`${api.url}/api/v1/usage-reports`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, ...headers },
        body: zlib.gzipSync('{}'),
      });
      expect([400, 415]).toContain(status);
    }
  });
});
