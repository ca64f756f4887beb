import type { IncomingHttpHeaders } from 'node:http';
import type { JournalWaiter } from '#journal';
import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import type { Judgement } from '../metering/billability.js';
import { CallCost } from '../metering/call-cost.js';
import { CLIENT_GONE_STATUS } from '../metering/client-gone-status.js';
import { endUnrecorded, recordEnding } from '../metering/record-ending.js';
import { endReservations } from '../policies/reserve-quota.js';
import { responseHeaders } from '../proxy/response-headers.js';
import { guardedRelease } from '../refuse.js';
import { changedAnswer } from '../transformation/changed-answer.js';
import { changedFields } from '../transformation/change-response.js';
import type { StoredAnswer } from './stored-answer.js';

/** Gives a stored answer again: one usage event, and then the answer once that is in the journal. */
export class ServeStored implements JournalWaiter {
  private judgement: Judgement | null = null;
  private readonly answer: StoredAnswer;

  constructor(
    private readonly gateway: GatewayCore,
    private readonly exchange: Exchange,
    answer: StoredAnswer,
    private readonly outcome: 'cache_hit' | 'replayed' | 'delivered',
    /** Said beside the fields of the answer. */
    private readonly ownHeaders: IncomingHttpHeaders,
    /** Of a request that was read already. */
    private readonly bytesIn = 0,
  ) {
    this.answer = changedAnswer(exchange, answer);
  }

  start(): void {
    const { gateway, exchange, answer, outcome, bytesIn } = this;
    if (exchange.isClientGone) return this.recordAborted();
    const { status } = answer;
    const cost = this.readCost();
    const isSoftError = cost !== null && cost.isSoftError;
    const ending = { outcome, status, wasUpstreamReached: outcome === 'delivered', isSoftError };
    const traffic = { bytesIn, bytesOut: this.isBodyless ? 0 : answer.body.length };
    this.judgement = recordEnding(gateway, exchange, { ending, traffic, cost, upstreamMs: null }, this);
  }

  /** Who goes away while a quota is waited for has got nothing of the answer. */
  private recordAborted(): void {
    const { gateway, exchange, outcome, bytesIn } = this;
    const wasUpstreamReached = outcome === 'delivered';
    const ending = {
      outcome: 'client_aborted',
      status: CLIENT_GONE_STATUS,
      wasUpstreamReached,
      isSoftError: false,
    } as const;
    const traffic = { bytesIn, bytesOut: 0 };
    this.judgement = recordEnding(gateway, exchange, { ending, traffic, cost: null, upstreamMs: null }, this);
  }

  onJournalled(segment: number): void {
    const { gateway, exchange } = this;
    gateway.watermark.journalled(exchange, segment);
    gateway.concurrency.leave(exchange);
    endReservations(exchange, this.judgement);
    if (!exchange.isClientGone) guardedRelease(gateway, exchange, () => this.answerClient());
  }

  private answerClient(): void {
    const { gateway, exchange, ownHeaders } = this;
    const { status, headers, body } = this.answer;
    const length = status === 204 || status === 304 ? {} : { 'content-length': String(body.length) };
    const all = { ...headers, ...length, ...ownHeaders };
    const fields = responseHeaders(gateway, exchange, status, this.judgement!, all);
    exchange.response.writeHead(status, changedFields(exchange, fields));
    exchange.response.end(this.isBodyless ? undefined : body);
  }

  onJournalFailed(_error: Error, segment: number | null): void {
    endUnrecorded(this.gateway, this.exchange, this.judgement, segment);
  }

  /** The cost of a stored answer is in it as in the first one. */
  private readCost(): CallCost | null {
    const { metering } = this.exchange.account!;
    const { billableWhen } = this.exchange.operation!;
    if (!metering.hasValues && billableWhen === null) return null;
    const cost = new CallCost(metering, billableWhen, this.gateway.clock);
    cost.onHead(this.answer.status, this.answer.headers, this.isBodyless, true);
    if (!this.isBodyless) cost.onData(this.answer.body);
    cost.end();
    return cost;
  }

  private get isBodyless(): boolean {
    const { status } = this.answer;
    return this.exchange.request.method === 'HEAD' || status === 204 || status === 304;
  }
}
