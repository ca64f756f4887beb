import type { Socket } from 'node:net';
import type { Mode } from '#domain';
import { uuidV7TimeMs } from '#domain';
import type { Billability } from './metering/billability.js';
import type { RateWindow } from '#limits';
import type { CallCost } from './metering/call-cost.js';
import type { Metering } from './metering/metering.js';
import type { SettledUsage } from './metering/settle-usage.js';
import type { OpenRequest } from './metering/watermark.js';
import type { Forwarding } from './peer/client-address.js';
import type { Peer } from './peer/peer.js';
import type { RequestContent } from './policies/read-content.js';
import type { SubscriptionTerms } from './policies/subscription-terms.js';
import type { CacheUse } from './cache/cache-use.js';
import type { AnswerTap } from './proxy/answer-tap.js';
import type { Decision } from './decision/decision.js';
import type { CorsRules } from './policies/cors.js';
import { RequestHead } from './request-head.js';
import type { UpgradingConnection } from './streams/upgrading-connection.js';
import type { ClientRequest, ClientResponse } from './server/client-message.js';
import type { OperationEntry, ProductEntry, UpstreamEntry } from './snapshot/catalog.js';
import type { CredentialEntry } from './snapshot/credential-store.js';
import type { ApplicationEntry } from './snapshot/snapshot.js';
import type { TranslatedCall } from './translation/translated-call.js';
import type { TraceContext } from './tracing/trace-context.js';

/** What a refused or admitted request is told when its client goes away. */
export interface ClientGoneListener {
  onClientGone(): void;
  /** It has been open for long. */
  onOverdue?(nowMs: number): void;
}

/** Who pays for a call, and how much it counts. */
export interface Account {
  readonly mode: Mode;
  readonly application: ApplicationEntry;
  readonly credential: CredentialEntry;
  readonly productId: string;
  /** Null for test keys. */
  readonly terms: SubscriptionTerms | null;
  /** Of a call with a test key. */
  readonly testProduct: ProductEntry | null;
  readonly metering: Metering;
  /** What is billed of the call, by how it ends. */
  readonly billability: Billability;
}

const noWindows: readonly RateWindow[] = [];

/** One request and what is known of it so far. All fields are there from the start: engines like a stable shape. */
export class Exchange implements OpenRequest {
  previous: OpenRequest | null = null;
  next: OpenRequest | null = null;
  /** The instant in the id: what counts as the time of admission. */
  readonly admittedMs: number;
  /** The same by the monotonic clock: durations count from it. */
  readonly startedAt = performance.now();
  readonly socket: Socket;
  readonly head: RequestHead;
  /** Canonical, without query; what is matched is what is sent. */
  path = '';
  query = '';
  /** The host that was asked for, with its port if it has one. */
  authority: string | null = null;
  /** Read when it is asked for: see `forwardingOf`. */
  forwarding: Forwarding | null = null;
  /** The whole API key, once it is found; never to be logged or passed on. */
  presentedKey: string | null = null;
  /** `Authorization` holds the key, and is not for the upstream. */
  isAuthorizationKey = false;
  /** Whom the token is about that the upstream gets, where it was verified here; null for none. */
  tokenSubject: string | null = null;
  operation: OperationEntry | null = null;
  /** Whose key it is, once that is known. */
  caller: CredentialEntry | null = null;
  account: Account | null = null;
  /** Where it goes once it is admitted; null for the mock. */
  upstream: UpstreamEntry | null = null;
  /** Once the route is known; null where pages of other origins are not spoken to. */
  cors: CorsRules | null = null;
  /** The short windows that it counts into, in the order of the plan's. */
  windows: readonly RateWindow[] = noWindows;
  /** When units were taken from them; and where a window was waited for, when by its account. */
  rateTakenMs = 0;
  waitedMs: readonly number[] | null = null;
  /** Of which of them a unit was taken, and which had none: a bit for each. */
  takenWindows = 0;
  fullWindows = 0;
  /** Where it is counted as under way; null when no limit counts it. */
  concurrencyCounter: string | null = null;
  /** Read when it is asked for: see `Tracer.contextOf`. */
  trace: TraceContext | null = null;
  /** How many of the terms' reservations are made for this request. */
  reservedQuotas = 0;
  /** The body, when it came with the head. */
  wholeBody: Buffer | null = null;
  /** The body, when it was read before the admission; else it streams, or is sent as it came. */
  content: RequestContent | null = null;
  /** What the upstream is asked instead, in its own protocol; null where it is asked what the client asks. */
  translated: TranslatedCall | null = null;
  private isContinueTold = false;
  /** How often the request was sent to the upstream, or was tried to; 1 for an answer that was stored. */
  attempts = 1;
  /** Nothing that follows on the connection is run: it closes after the answer. */
  isLast: boolean;
  /** Reads what the call costs out of its answer; null when every call of the operation costs the same. */
  cost: CallCost | null = null;
  /** What the call has used, once it has ended; null while it is what every call of its operation uses. */
  settled: SettledUsage | null = null;
  /** Told when the client goes away before the answer is complete. */
  clientGoneListener: ClientGoneListener | null = null;
  /** Who else sees the upstream's answer. */
  tap: AnswerTap | null = null;
  /** Of a request that the cache may answer. */
  cacheUse: CacheUse | null = null;
  /** The connection of a client that asks for WebSocket; null for every other request. */
  upgrade: UpgradingConnection | null = null;
  /** Of a call that another proxy passes on, and asks us about; null for what comes to us. */
  decision: Decision | null = null;

  constructor(
    /** The request's id, and its usage event's. */
    readonly requestId: string,
    readonly request: ClientRequest,
    readonly response: ClientResponse,
    /** The client waits for "100 Continue" before it sends the body. */
    readonly expectsContinue: boolean,
    readonly peer: Peer,
  ) {
    this.admittedMs = uuidV7TimeMs(requestId);
    this.socket = request.socket;
    this.head = new RequestHead(request.rawHeaders);
    this.isLast = this.head.isNominated('close');
  }

  /** Lets a client that waits for it send its body. */
  tellContinue(): void {
    if (!this.expectsContinue || this.isContinueTold) return;
    this.isContinueTold = true;
    this.response.writeContinue();
  }

  onOverdue(nowMs: number): void {
    this.clientGoneListener?.onOverdue?.(nowMs);
  }

  get isClientGone(): boolean {
    return this.socket.destroyed || this.response.destroyed;
  }

  /** Ends the answer so that the client sees that it is not whole: by the connection, in HTTP/2 by its stream. */
  breakOff(): void {
    if (this.head.isHttp2) this.response.destroy();
    else this.socket.destroy();
  }
}
