import { hash } from 'node:crypto';
import { QUANTITY_PREFIX, type TelemetryFault, cloudEventOf } from './telemetry-usage.js';
import { type TelemetryAttributes, type TelemetryOrigin, canonicalTelemetry, fromEntries } from './telemetry-value.js';

/** Metrics of usage are called so, and then as the meter. */
export const USAGE_METRIC_PREFIX = 'tollgate.usage.';

/** How OpenTelemetry numbers them (metrics.proto). */
export const DELTA_TEMPORALITY = 1;
/** The bit of a data point's flags that says that nothing was recorded. */
const NO_RECORDED_VALUE = 1;

/** A data point of a metric of OpenTelemetry, as far as usage is read out of it. */
export interface MetricPoint {
  readonly origin: TelemetryOrigin;
  readonly metric: {
    readonly name: string;
    readonly unit: string;
    /** What the metric is made of: "sum", "gauge", "histogram". */
    readonly kind: string;
    readonly isMonotonic: boolean;
    readonly temporality: number;
  };
  readonly attributes: TelemetryAttributes;
  /** Nanoseconds since 1970; 0 for not known. */
  readonly startTimeUnixNano: bigint;
  readonly timeUnixNano: bigint;
  /** Null without one. */
  readonly value: bigint | number | null;
  readonly flags: number;
}

/**
 * The CloudEvent that a data point is: what a counter called `tollgate.usage.<meter>` has counted between two instants. Its id is made of
 * the stream and these instants, which belong to one data point only. Null for a point that has counted nothing; a fault for metrics of
 * which a point does not say what was used since the one before.
 */
export function usageOfDataPoint(point: MetricPoint): Readonly<Record<string, unknown>> | TelemetryFault | null {
  const { origin, metric, attributes, timeUnixNano, value, flags } = point;
  const refused = faultOf(point);
  if (refused) return refused;
  if (value === null || Number(value) === 0 || (flags & NO_RECORDED_VALUE) !== 0) return null;
  const meter = metric.name.slice(USAGE_METRIC_PREFIX.length);
  const quantities = fromEntries([[meter, String(value)]]);
  return cloudEventOf({ origin, attributes, id: idOf(point), timeUnixNano, quantities });
}

/** Where a fault of the CloudEvent is in the data point, given where it would be in a log record. */
export function dataPointPlace(place: string): string {
  return place.replace(`attribute ${QUANTITY_PREFIX}`, `metric ${USAGE_METRIC_PREFIX}`);
}

function faultOf({
  metric: { name, kind, isMonotonic, temporality },
  startTimeUnixNano,
  timeUnixNano,
  value,
}: MetricPoint): TelemetryFault | null {
  if (!name.startsWith(USAGE_METRIC_PREFIX) || name === USAGE_METRIC_PREFIX) {
    const message = `expected "${USAGE_METRIC_PREFIX}" and the name of a meter; send no other metrics here`;
    return { place: 'metric name', message };
  }
  const place = `metric ${name}`;
  if (kind !== 'sum' || !isMonotonic) return { place, message: `expected a counter (a monotonic sum), not a ${kind}` };
  if (temporality !== DELTA_TEMPORALITY) {
    const message =
      'expected delta temporality: set OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=delta where it is counted';
    return { place: 'aggregationTemporality', message };
  }
  // Where clocks have milliseconds, what is counted just before it is collected starts and ends in the same.
  if (startTimeUnixNano === 0n || timeUnixNano < startTimeUnixNano) {
    const message = 'expected the start of what was counted, not after timeUnixNano, which is its end';
    return { place: 'startTimeUnixNano', message };
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    const message =
      'expected a whole number: count in a smaller unit, or report log records, whose quantities may be decimals as texts';
    return { place, message };
  }
  return null;
}

/** The data model has one writer for each stream, and one point of it for each span of time. */
function idOf({ origin, metric, attributes, startTimeUnixNano, timeUnixNano }: MetricPoint): string {
  const { resource, scope } = origin;
  const identity = [
    canonicalTelemetry(resource),
    scope.name,
    scope.version,
    canonicalTelemetry(scope.attributes),
    metric.name,
    metric.unit,
    canonicalTelemetry(attributes),
    String(startTimeUnixNano),
    String(timeUnixNano),
  ];
  return `metric:${hash('sha256', JSON.stringify(identity), 'hex')}`;
}
