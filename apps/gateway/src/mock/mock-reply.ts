import type { JournalWaiter } from '#journal';
import type { MockAnswer } from '#openapi';
import type { ClientGoneListener, Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import type { Judgement } from '../metering/billability.js';
import { CLIENT_GONE_STATUS } from '../metering/client-gone-status.js';
import type { Ending } from '../metering/judge.js';
import { endUnrecorded, recordEnding } from '../metering/record-ending.js';
import { endReservations } from '../policies/reserve-quota.js';
import { responseHeaders } from '../proxy/response-headers.js';
import { guardedRelease } from '../refuse.js';
import { problemDocument, refusals } from '../responses/refusal.js';

/** An admitted request that is answered from its version's document. It ends like any other, but is never billed. */
export class MockReply implements JournalWaiter, ClientGoneListener {
  readonly bytesIn: number;
  bytesOut = 0;
  private status = CLIENT_GONE_STATUS;
  private contentType: string | null = null;
  private body: Buffer = Buffer.alloc(0);
  private judgement: Judgement | null = null;

  constructor(
    private readonly gateway: GatewayCore,
    private readonly exchange: Exchange,
  ) {
    this.bytesIn = exchange.content === null ? 0 : exchange.content.receivedBytes;
  }

  start(): void {
    const { exchange } = this;
    if (exchange.isClientGone) return this.end('client_aborted');
    exchange.clientGoneListener = this;
    const { head, operation } = exchange;
    const wishes = { prefer: head.valueOf('prefer'), accept: head.valueOf('accept') };
    this.take(operation!.version.mock!.answer(operation!.operation, wishes));
    this.bytesOut = exchange.request.method === 'HEAD' ? 0 : this.body.length;
    this.end('mocked');
  }

  /** The event is written already: what is left is the answer, which nobody waits for any more. */
  onClientGone(): void {}

  onJournalled(segment: number): void {
    const { gateway, exchange } = this;
    gateway.watermark.journalled(exchange, segment);
    gateway.concurrency.leave(exchange);
    endReservations(exchange, this.judgement);
    if (!exchange.isClientGone) guardedRelease(gateway, exchange, () => this.answerClient());
  }

  private answerClient(): void {
    const { gateway, exchange } = this;
    const type = this.contentType === null ? {} : { 'content-type': this.contentType };
    const length = this.status === 204 ? {} : { 'content-length': String(this.body.length) };
    const headers = responseHeaders(gateway, exchange, this.status, this.judgement!, { ...type, ...length });
    exchange.response.writeHead(this.status, headers);
    exchange.response.end(exchange.request.method === 'HEAD' ? undefined : this.body);
  }

  onJournalFailed(_error: Error, segment: number | null): void {
    endUnrecorded(this.gateway, this.exchange, this.judgement, segment);
  }

  private take(answer: MockAnswer): void {
    switch (answer.kind) {
      case 'answer':
        this.status = answer.status;
        this.contentType = answer.contentType;
        this.body = answer.status === 204 || answer.status === 304 ? Buffer.alloc(0) : answer.body;
        return;
      case 'not_described':
        return this.takeProblem(refusals.mockNotDescribed);
      case 'not_acceptable':
        return this.takeProblem(refusals.mockNotAcceptable);
    }
  }

  private takeProblem(refusal: (typeof refusals)['mockNotDescribed']): void {
    this.status = refusal.status;
    this.contentType = 'application/problem+json';
    this.body = Buffer.from(problemDocument(refusal, this.exchange.requestId));
  }

  private end(outcome: 'mocked' | 'client_aborted'): void {
    const { gateway, exchange, status } = this;
    const ending: Ending = { outcome, status, wasUpstreamReached: false, isSoftError: false };
    this.judgement = recordEnding(gateway, exchange, { ending, traffic: this, cost: null, upstreamMs: null }, this);
  }
}
