import { RecentById, inOnePiece, jsonString } from '#domain';
import { redactKeys } from '#observability';
import type { Account, Exchange } from '../exchange.js';
import { clientAddress } from '../peer/client-address.js';
import type { Completion } from '../reporting/completion.js';
import type { Refusal } from '../responses/refusal.js';
import type { OperationEntry } from '../snapshot/catalog.js';
import type { CredentialEntry } from '../snapshot/credential-store.js';
import type { LineSink } from './line-writer.js';

export interface Durations {
  /** From the request's head to the end of its record. */
  readonly totalMs: number;
  /** From the request to the head of the upstream's answer; null when none was asked, or none has answered. */
  readonly upstreamMs: number | null;
}

/** A part of the lines of one caller, and what it is of: by name, as entries of a catalogue would keep all of it. */
interface CommonText {
  readonly credential: CredentialEntry;
  readonly versionId: string;
  readonly operation: string;
  readonly subset: string | null;
  readonly text: string;
}

interface Ending extends Pick<Completion, 'outcome' | 'reason' | 'billable'> {
  readonly text: string;
}

/**
 * One line of JSON for each request. Neither queries nor header fields are in it but the request's own ids: no key, no
 * cookie, no secret of a query. A key that was written into a path is cut down to its public part.
 */
export class AccessLog {
  private readonly recent = new RecentById<CommonText>();
  /** How a line of this instant begins. */
  private latestMs = 0;
  private latestStart = '';
  /** How the latest line said that its call had ended: most end alike. */
  private ending: Ending | null = null;

  constructor(
    private readonly sink: LineSink,
    /** Only what was answered with 400 and above. */
    private readonly isErrorsOnly: boolean,
  ) {}

  /** A request that was admitted, however it has ended; `subset` is that of the upstream that it went to. */
  admitted(exchange: Exchange, completion: Completion, durations: Durations, subset: string | null): void {
    const { status, bytesIn, bytesOut } = completion;
    if (this.isErrorsOnly && status < 400) return;
    this.write(
      exchange,
      status,
      durations,
      `${this.endingText(completion)}${bytesIn},"bytesOut":${bytesOut}` +
        this.commonText(exchange.account!, exchange.operation!, subset),
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
    const upstream = upstreamMs === null ? '' : `,"upstreamMs":${tenths(upstreamMs)}`;
    this.sink.write(
      `${this.begin(requestId, exchange.admittedMs)}${traced},"client":${jsonString(clientAddress(exchange))}` +
        `,"method":"${request.method}","path":${loggedPath(exchange)},"status":${status}` +
        `,"durationMs":${tenths(totalMs)}${upstream}${rest}}\n`,
    );
  }

  private endingText({ outcome, reason, billable }: Completion): string {
    const { ending } = this;
    if (ending !== null && ending.outcome === outcome && ending.reason === reason && ending.billable === billable)
      return ending.text;
    const text = inOnePiece(`,"outcome":"${outcome}","reason":"${reason}","billable":${billable},"bytesIn":`);
    this.ending = { outcome, reason, billable, text };
    return text;
  }

  /** What was called, and with which key: kept, as the same caller mostly calls the same again. */
  private commonText(
    { application, credential }: Account,
    { version: { id: versionId }, operation }: OperationEntry,
    subset: string | null,
  ): string {
    const known = this.recent.at(credential.id);
    const isOfCaller = known !== null && known.credential === credential && known.subset === subset;
    if (isOfCaller && known.operation === operation && known.versionId === versionId) return known.text;
    const text = inOnePiece(
      `,"apiVersionId":"${versionId}","operation":${jsonString(operation)}` +
        (subset === null ? '' : `,"subset":"${subset}"`) +
        `,"organizationId":"${application.organizationId}","applicationId":"${application.id}"` +
        `,"key":"tg_${credential.mode}_${credential.keyId}"`,
    );
    this.recent.put(credential.id, { credential, versionId, operation, subset, text });
    return text;
  }

  private begin(requestId: string, atMs: number): string {
    if (atMs !== this.latestMs) {
      this.latestMs = atMs;
      const time = new Date(atMs).toISOString();
      this.latestStart = `{"level":"info","time":"${time}","name":"gateway","msg":"request","requestId":"`;
    }
    return `${this.latestStart}${requestId}"`;
  }
}

function loggedPath({ path, request }: Exchange): string {
  const text = path !== '' ? path : withoutQuery(request.url!);
  return jsonString(text.includes('tg_') ? redactKeys(text) : text);
}

/** Milliseconds with one decimal. */
function tenths(ms: number): string {
  const rounded = Math.round(ms * 10);
  return `${Math.floor(rounded / 10)}.${rounded % 10}`;
}

function withoutQuery(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}
