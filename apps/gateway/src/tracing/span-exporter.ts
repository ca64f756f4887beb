import type { Logger } from '#observability';
import type { TraceContext } from './trace-context.js';

/** What a span says beside its place in the trace. */
export interface SpanRecord {
  readonly name: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly isError: boolean;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

export interface SpanExporterOptions {
  /** Base address of a collector that takes OTLP over HTTP: spans go to `/v1/traces` below it. */
  readonly endpoint: string;
  readonly serviceInstanceId: string;
  readonly log: Logger;
  /** Default 2 s. */
  readonly intervalMs?: number;
}

const defaultIntervalMs = 2_000;
const maxBatch = 512;
/** Spans that wait while the collector does not answer; more are dropped, and counted. */
const maxWaiting = 8_192;
const timeoutMs = 5_000;
const SPAN_KIND_SERVER = 2;
const STATUS_ERROR = 2;

/**
 * Sends spans to a collector in batches, as OTLP in JSON (OpenTelemetry protocol 1.x, §OTLP/HTTP). A collector that is
 * away or slow costs spans, never requests.
 */
export class SpanExporter {
  dropped = 0;
  private waiting: object[] = [];
  private timer: NodeJS.Timeout | null = null;
  private sending: Promise<void> | null = null;
  private isFailing = false;

  constructor(private readonly options: SpanExporterOptions) {}

  add(trace: TraceContext, record: SpanRecord): void {
    if (this.waiting.length >= maxWaiting) {
      this.dropped++;
      return;
    }
    this.waiting.push(otlpSpan(trace, record));
    if (this.waiting.length >= maxBatch) this.send();
    else this.timer ??= setTimeout(this.send, this.options.intervalMs ?? defaultIntervalMs);
  }

  /** Sends what waits, once. */
  async stop(): Promise<void> {
    await this.sending;
    this.send();
    await this.sending;
    if (this.timer) clearTimeout(this.timer);
  }

  private readonly send = (): void => {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.sending || this.waiting.length === 0) return;
    const spans = this.waiting.splice(0, maxBatch);
    this.sending = this.post(spans).finally(() => {
      this.sending = null;
      if (this.waiting.length >= maxBatch) this.send();
      else if (this.waiting.length > 0)
        this.timer ??= setTimeout(this.send, this.options.intervalMs ?? defaultIntervalMs);
    });
  };

  private async post(spans: readonly object[]): Promise<void> {
    const { endpoint, log } = this.options;
    try {
      const answer = await fetch(`${endpoint}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ resourceSpans: [{ resource: this.resource(), scopeSpans: [{ scope, spans }] }] }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`the collector answered ${answer.status}`);
      this.isFailing = false;
    } catch (error) {
      this.dropped += spans.length;
      if (!this.isFailing) log.warn({ err: error }, 'spans cannot be exported; they are dropped');
      this.isFailing = true;
    }
  }

  private resource(): object {
    const { serviceInstanceId } = this.options;
    return { attributes: attributes({ 'service.name': 'tollgate-gateway', 'service.instance.id': serviceInstanceId }) };
  }
}

const scope = { name: 'tollgate' };

function otlpSpan(trace: TraceContext, record: SpanRecord): object {
  return {
    traceId: trace.traceId,
    spanId: trace.spanId,
    ...(trace.parentSpanId !== null && { parentSpanId: trace.parentSpanId }),
    ...(trace.state !== null && { traceState: trace.state }),
    flags: trace.flags,
    name: record.name,
    kind: SPAN_KIND_SERVER,
    startTimeUnixNano: nanoseconds(record.startMs),
    endTimeUnixNano: nanoseconds(record.startMs + record.durationMs),
    attributes: attributes(record.attributes),
    ...(record.isError && { status: { code: STATUS_ERROR } }),
  };
}

/** Nanoseconds since the epoch are more than a double holds: whole milliseconds and the rest apart. */
function nanoseconds(ms: number): string {
  const whole = Math.floor(ms);
  return `${whole}${String(Math.floor((ms - whole) * 1e6)).padStart(6, '0')}`;
}

function attributes(values: SpanRecord['attributes']): object[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: attributeValue(value) }));
}

function attributeValue(value: string | number | boolean): object {
  if (typeof value === 'string') return { stringValue: value };
  return typeof value === 'number' ? { intValue: String(value) } : { boolValue: value };
}
