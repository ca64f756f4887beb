import type { Exchange } from '../exchange.js';
import type { Completion } from '../reporting/completion.js';
import type { Refusal } from '../responses/refusal.js';
import type { SpanExporter } from './span-exporter.js';
import { SAMPLED, type TraceContext, type TraceIds, traceContext } from './trace-context.js';

/** Gives each request its place in a trace and, when spans are exported, records those that are sampled. */
export class Tracer {
  constructor(
    private readonly ids: TraceIds,
    /** Null when spans are not exported: contexts are passed on all the same. */
    private readonly exporter: SpanExporter | null,
    /** Of the traces that begin here, the share that is sampled: from 0 to 1. */
    private readonly sampledShare = 1,
  ) {}

  /** The context of a request, read when it is first asked for. */
  contextOf(exchange: Exchange): TraceContext {
    exchange.trace ??= traceContext(exchange.head.rawHeaders, this.ids, this.flagsOf);
    return exchange.trace;
  }

  /** An admitted request has ended; `subset` is that of the upstream that it went to. */
  admitted(
    exchange: Exchange,
    { outcome, status, billable }: Completion,
    totalMs: number,
    subset: string | null = null,
  ): void {
    const { exporter } = this;
    if (exporter === null) return;
    const trace = this.contextOf(exchange);
    if ((trace.flags & SAMPLED) === 0) return;
    const method = exchange.request.method!;
    const { version, operation } = exchange.operation!;
    exporter.add(trace, {
      name: `${method} ${operation}`,
      startMs: exchange.admittedMs,
      durationMs: totalMs,
      isError: status >= 500,
      attributes: {
        'http.request.method': method,
        'http.response.status_code': status,
        'tollgate.request_id': exchange.requestId,
        'tollgate.outcome': outcome,
        'tollgate.api_version_id': version.id,
        'tollgate.operation': operation,
        'tollgate.application_id': exchange.account!.application.id,
        'tollgate.billable': billable,
        ...(subset !== null && { 'tollgate.subset': subset }),
      },
    });
  }

  /** A request was refused. */
  refused(exchange: Exchange, { status, code }: Refusal, totalMs: number): void {
    const { exporter } = this;
    if (exporter === null) return;
    const trace = this.contextOf(exchange);
    if ((trace.flags & SAMPLED) === 0) return;
    const method = exchange.request.method!;
    exporter.add(trace, {
      name: method,
      startMs: exchange.admittedMs,
      durationMs: totalMs,
      isError: status >= 500,
      attributes: {
        'http.request.method': method,
        'http.response.status_code': status,
        'tollgate.request_id': exchange.requestId,
        'tollgate.refusal': code,
      },
    });
  }

  /** Spans that the collector did not take. */
  get dropped(): number {
    return this.exporter?.dropped ?? 0;
  }

  async stop(): Promise<void> {
    await this.exporter?.stop();
  }

  /** By the random part of the trace's id, so that all who sample by the same share choose the same traces. */
  private readonly flagsOf = (traceId: string): number => {
    if (this.exporter === null) return 0;
    return Number.parseInt(traceId.slice(-14), 16) < this.sampledShare * 2 ** 56 ? SAMPLED : 0;
  };
}
