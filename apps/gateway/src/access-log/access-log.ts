import { redactKeys } from '#observability';
import type { Exchange } from '../exchange.js';
import { clientAddress } from '../peer/client-address.js';
import type { Completion } from '../reporting/completion.js';
import type { Refusal } from '../responses/refusal.js';
import type { LineSink } from './line-writer.js';

export interface Durations {
  /** From the request's head to the end of its record. */
  readonly totalMs: number;
  /** From the request to the head of the upstream's answer; null when none was asked, or none has answered. */
  readonly upstreamMs: number | null;
}

/**
 * One line of JSON for each request. Neither queries nor header fields are in it but the request's own ids: no key, no
 * cookie, no secret of a query. A key that was written into a path is cut down to its public part.
 */
export class AccessLog {
  private latestMs = 0;
  private latestTime = '';

  constructor(
    private readonly sink: LineSink,
    /** Only what was answered with 400 and above. */
    private readonly isErrorsOnly: boolean,
  ) {}

  /** A request that was admitted, however it has ended; `subset` is that of the upstream that it went to. */
  admitted(exchange: Exchange, completion: Completion, durations: Durations, subset: string | null): void {
    const { status, outcome, reason, billable, bytesIn, bytesOut } = completion;
    if (this.isErrorsOnly && status < 400) return;
    const { application, credential, mode } = exchange.account!;
    const { version, operation } = exchange.operation!;
    this.write(
      exchange,
      status,
      durations,
      `,"outcome":"${outcome}","reason":"${reason}","billable":${billable},"bytesIn":${bytesIn},"bytesOut":${bytesOut}` +
        `,"apiVersionId":"${version.id}","operation":${JSON.stringify(operation)}` +
        (subset === null ? '' : `,"subset":"${subset}"`) +
        `,"organizationId":"${application.organizationId}","applicationId":"${application.id}"` +
        `,"key":"tg_${mode}_${credential.keyId}"`,
    );
  }

  /** A request that was refused. */
  refused(exchange: Exchange, { status, code, reason }: Refusal, durations: Durations): void {
    const { account } = exchange;
    const consumer =
      account === null
        ? ''
        : `,"organizationId":"${account.application.organizationId}","applicationId":"${account.application.id}"`;
    this.write(exchange, status, durations, `,"code":"${code}","reason":"${reason}"${consumer}`);
  }

  /** What could not be read as a request. */
  malformed(requestId: string, atMs: number, { status, code }: Refusal): void {
    this.sink.write(`${this.begin(requestId, atMs)},"status":${status},"code":"${code}"}\n`);
  }

  private write(exchange: Exchange, status: number, { totalMs, upstreamMs }: Durations, rest: string): void {
    const { requestId, request, trace } = exchange;
    const traced = trace === null ? '' : `,"traceId":"${trace.traceId}"`;
    const upstream = upstreamMs === null ? '' : `,"upstreamMs":${upstreamMs.toFixed(1)}`;
    this.sink.write(
      `${this.begin(requestId, exchange.admittedMs)}${traced},"client":${JSON.stringify(clientAddress(exchange))}` +
        `,"method":"${request.method}","path":${loggedPath(exchange)},"status":${status}` +
        `,"durationMs":${totalMs.toFixed(1)}${upstream}${rest}}\n`,
    );
  }

  private begin(requestId: string, atMs: number): string {
    if (atMs !== this.latestMs) {
      this.latestMs = atMs;
      this.latestTime = new Date(atMs).toISOString();
    }
    return `{"level":"info","time":"${this.latestTime}","name":"gateway","msg":"request","requestId":"${requestId}"`;
  }
}

function loggedPath({ path, request }: Exchange): string {
  const text = path !== '' ? path : withoutQuery(request.url!);
  return JSON.stringify(text.includes('tg_') ? redactKeys(text) : text);
}

function withoutQuery(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}
