import type { LogRecord, MetricPoint, TelemetryAttributes, TelemetryOrigin, TelemetryValue } from '#domain';
import { fromEntries } from '#domain';
import { readOtlp } from './otlp-encoding.js';

/** A record, and where it is in its request. */
export interface Placed<Item> {
  /** "resourceLogs.0.scopeLogs.0.logRecords.3". */
  readonly place: string;
  readonly item: Item;
}

interface AnyValue {
  readonly value:
    | { readonly case: 'stringValue'; readonly value: string }
    | { readonly case: 'boolValue'; readonly value: boolean }
    | { readonly case: 'intValue'; readonly value: bigint }
    | { readonly case: 'doubleValue'; readonly value: number }
    | { readonly case: 'arrayValue'; readonly value: { readonly values: readonly AnyValue[] } }
    | { readonly case: 'kvlistValue'; readonly value: { readonly values: readonly KeyValue[] } }
    | { readonly case: 'bytesValue'; readonly value: Uint8Array }
    | { readonly case: undefined };
}

interface KeyValue {
  readonly key: string;
  readonly value?: AnyValue;
}

interface Attributed {
  readonly attributes: readonly KeyValue[];
}

interface Sent {
  readonly resource?: Attributed;
}

interface Scoped {
  readonly scope?: Attributed & { readonly name: string; readonly version: string };
}

interface LogsRequest {
  readonly resourceLogs: readonly (Sent & {
    readonly scopeLogs: readonly (Scoped & {
      readonly logRecords: readonly (Attributed & {
        readonly timeUnixNano: bigint;
        readonly observedTimeUnixNano: bigint;
        readonly eventName: string;
      })[];
    })[];
  })[];
}

interface Points {
  readonly dataPoints: readonly unknown[];
}

interface NumberPoint extends Attributed {
  readonly startTimeUnixNano: bigint;
  readonly timeUnixNano: bigint;
  readonly value:
    | { readonly case: 'asDouble' | 'asInt'; readonly value: number | bigint }
    | { readonly case: undefined };
  readonly flags: number;
}

interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly data:
    | {
        readonly case: 'sum';
        readonly value: {
          readonly dataPoints: readonly NumberPoint[];
          readonly aggregationTemporality: number;
          readonly isMonotonic: boolean;
        };
      }
    | { readonly case: 'gauge' | 'histogram' | 'exponentialHistogram' | 'summary'; readonly value: Points }
    | { readonly case: undefined };
}

interface MetricsRequest {
  readonly resourceMetrics: readonly (Sent & {
    readonly scopeMetrics: readonly (Scoped & { readonly metrics: readonly Metric[] })[];
  })[];
}

/**
 * The log records of an ExportLogsServiceRequest.
 * @throws InvalidError `otlp_malformed`, `otlp_too_many_values`
 */
export function readLogRecords(body: unknown): Placed<LogRecord>[] {
  const { resourceLogs } = readOtlp('ExportLogsServiceRequest', body) as LogsRequest;
  return resourceLogs.flatMap((sent, resourceAt) =>
    sent.scopeLogs.flatMap((scoped, scopeAt) => {
      const origin = originOf(sent, scoped);
      return scoped.logRecords.map(({ timeUnixNano, observedTimeUnixNano, eventName, attributes }, at) => ({
        place: `resourceLogs.${resourceAt}.scopeLogs.${scopeAt}.logRecords.${at}`,
        item: { origin, timeUnixNano, observedTimeUnixNano, eventName, attributes: attributesOf(attributes) },
      }));
    }),
  );
}

/**
 * The data points of an ExportMetricsServiceRequest; of those that are no numbers only what kind they are.
 * @throws InvalidError `otlp_malformed`, `otlp_too_many_values`
 */
export function readDataPoints(body: unknown): Placed<MetricPoint>[] {
  const { resourceMetrics } = readOtlp('ExportMetricsServiceRequest', body) as MetricsRequest;
  return resourceMetrics.flatMap((sent, resourceAt) =>
    sent.scopeMetrics.flatMap((scoped, scopeAt) => {
      const origin = originOf(sent, scoped);
      return scoped.metrics.flatMap((metric, metricAt) =>
        pointsOf(metric, origin).map((item, at) => ({
          place: `resourceMetrics.${resourceAt}.scopeMetrics.${scopeAt}.metrics.${metricAt}.dataPoints.${at}`,
          item,
        })),
      );
    }),
  );
}

function pointsOf({ name, unit, data }: Metric, origin: TelemetryOrigin): MetricPoint[] {
  if (data.case === undefined) return [];
  if (data.case !== 'sum') {
    const metric = { name, unit, kind: data.case, isMonotonic: false, temporality: 0 };
    const nothing = { attributes: new Map(), startTimeUnixNano: 0n, timeUnixNano: 0n, value: null, flags: 0 };
    return data.value.dataPoints.map(() => ({ origin, metric, ...nothing }));
  }
  const { dataPoints, aggregationTemporality: temporality, isMonotonic } = data.value;
  const kind = isMonotonic ? 'sum' : 'sum that can fall';
  const metric = { name, unit, kind, isMonotonic, temporality };
  return dataPoints.map(({ attributes, startTimeUnixNano, timeUnixNano, value, flags }) => ({
    origin,
    metric,
    attributes: attributesOf(attributes),
    startTimeUnixNano,
    timeUnixNano,
    value: value.case === undefined ? null : value.value,
    flags,
  }));
}

function originOf({ resource }: Sent, { scope }: Scoped): TelemetryOrigin {
  const { name = '', version = '' } = scope ?? {};
  return {
    resource: attributesOf(resource?.attributes),
    scope: { name, version, attributes: attributesOf(scope?.attributes) },
  };
}

function attributesOf(attributes: readonly KeyValue[] = []): TelemetryAttributes {
  return new Map(attributes.map(({ key, value }) => [key, valueOf(value)]));
}

function valueOf(any: AnyValue | undefined): TelemetryValue {
  const value = any?.value ?? { case: undefined };
  switch (value.case) {
    case undefined:
      return null;
    case 'arrayValue':
      return value.value.values.map(valueOf);
    case 'kvlistValue':
      return fromEntries(value.value.values.map(({ key, value: each }) => [key, valueOf(each)] as const));
    case 'bytesValue':
      return Buffer.from(value.value).toString('base64');
    default:
      return value.value;
  }
}
