import { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import { type Peer, forwardedFor } from '../peer/peer.js';
import { endReservations } from '../policies/reserve-quota.js';
import { giveBackRate } from '../policies/limit-rate.js';
import { refuse } from '../refuse.js';
import { refusals } from '../responses/refusal.js';
import { serve } from '../server/serve.js';
import { type AllowedCall, allowedCall } from './allowed-fields.js';
import type { DecisionBook } from './decision-book.js';
import { DecisionRequest, DecisionResponse, type GivenAnswer } from './decision-messages.js';
import type { Decision } from './decision.js';
import type { DescribedCall } from './described-call.js';
import { HeldDecision } from './held-decision.js';
import { writeDecisionRecord } from './log/decision-record.js';

/** Told once what a proxy is to do with a call. */
export interface DecisionWaiter {
  onAllowed(call: AllowedCall): void;
  /** The caller gets this answer, and the upstream nothing. */
  onAnswered(answer: GivenAnswer): void;
}

/** A question that may still be given up. */
export interface PendingQuestion {
  /** The proxy does not wait any more: if the call is not decided yet, it costs nothing. */
  giveUp(): void;
}

/** Decides a call that another proxy has got, by the steps by which calls to the gateway itself are decided. */
export function decide(
  gateway: GatewayCore,
  book: DecisionBook,
  call: DescribedCall,
  waiter: DecisionWaiter,
): PendingQuestion {
  const response = new DecisionResponse((answer) => waiter.onAnswered(answer));
  const request = new DecisionRequest(call).asClientRequest();
  const { clientAddress, scheme } = call;
  // The proxy has said for whom it asks: to the steps that follow it is that caller who calls.
  const peer: Peer = { address: clientAddress, forwardedFor: forwardedFor(clientAddress), scheme, forwarding: null };
  const exchange = new Exchange(gateway.ids.next(), request, response, false, peer);
  // As with HTTP/2, an answer is no connection's.
  exchange.head.isHttp2 = true;
  exchange.decision = new AskedDecision(gateway, book, call, response, waiter);
  serve(gateway, exchange);
  return { giveUp: () => response.destroy() };
}

class AskedDecision implements Decision {
  readonly abilities: DescribedCall['abilities'];

  constructor(
    private readonly gateway: GatewayCore,
    private readonly book: DecisionBook,
    { abilities }: DescribedCall,
    private readonly response: DecisionResponse,
    private readonly waiter: DecisionWaiter,
  ) {
    this.abilities = abilities;
  }

  get hasRoom(): boolean {
    return this.book.hasRoom;
  }

  onAdmitted(exchange: Exchange): void {
    const { gateway, book } = this;
    if (exchange.isClientGone) return giveBack(gateway, exchange);
    const { unreported, reports } = book.options;
    const ticket = book.tickets.write({ requestId: exchange.requestId, gatewayId: gateway.gatewayId });
    // Before the record of its end changes what is told of limits.
    const allowed = allowedCall(gateway, exchange, ticket);
    const record = reports === 'none' ? '' : writeDecisionRecord(gateway, exchange, book.epoch, unreported);
    const held = new HeldDecision(gateway, exchange, record, unreported);
    if (reports === 'none') return this.recordNow(exchange, held, allowed);
    try {
      book.keep(held);
    } catch (error) {
      gateway.log.error({ err: error }, 'an admitted call could not be kept on the disk of the journal');
      endReservations(exchange, null);
      giveBackRate(exchange);
      return refuse(gateway, exchange, refusals.journalUnavailable);
    }
    try {
      this.allow(exchange, allowed);
    } catch (error) {
      // The proxy was told nothing: there is no call to be recorded.
      book.drop(held.requestId);
      throw error;
    }
  }

  /** Nobody will say how it ends: its event is written first, and then it may pass. */
  private recordNow(exchange: Exchange, held: HeldDecision, allowed: AllowedCall): void {
    held.settle(null, {
      onRecorded: () => this.allow(exchange, allowed),
      onFailed: () => {
        endReservations(exchange, null);
        giveBackRate(exchange);
        refuse(this.gateway, exchange, refusals.journalUnavailable);
      },
    });
  }

  private allow(exchange: Exchange, allowed: AllowedCall): void {
    if (exchange.isClientGone) return;
    this.waiter.onAllowed(allowed);
    this.response.markAllowed();
  }
}

/** Nobody waits for the decision: it is none, and costs nothing. */
function giveBack(gateway: GatewayCore, exchange: Exchange): void {
  gateway.watermark.leave(exchange);
  gateway.concurrency.leave(exchange);
  endReservations(exchange, null);
  giveBackRate(exchange);
}
