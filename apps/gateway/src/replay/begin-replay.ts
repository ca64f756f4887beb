import { hash } from 'node:crypto';
import type { IdempotencyPolicy } from '#domain';
import type { ReplayClaim, ReplayVerdict } from '#limits';
import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import { readContent } from '../policies/read-content.js';
import { failRequest } from '../refuse.js';
import type { StoredAnswer } from '../stored/stored-answer.js';
import { decodeAnswer } from './answer-record.js';
import { parseIdempotencyKey } from './idempotency-key.js';
import { ReplayRecorder } from './replay-recorder.js';

/** A store that takes longer does not answer: the call is made without it. */
const storeWaitMs = 1_000;
/** A call that is not over by then may be made again: its gateway has died. */
const claimMs = 300_000;

/** `pass`: make the call. `not_kept`: it was made, and its answer was too long to be kept. */
export type ReplayOutcome =
  | StoredAnswer
  | 'pass'
  | 'key_missing'
  | 'key_malformed'
  | 'body_too_large'
  | 'in_flight'
  | 'other_request'
  | 'not_kept'
  | 'client_gone';

export interface ReplayWaiter {
  onReplay(outcome: ReplayOutcome): void;
}

/**
 * Finds out whether a call was made before with its Idempotency-Key, by the same application to the same operation. What
 * it asks is compared as a whole, so its body is read first. A store that is away makes the call pass.
 */
export function beginReplay(
  gateway: GatewayCore,
  exchange: Exchange,
  policy: IdempotencyPolicy,
  waiter: ReplayWaiter,
): void {
  const fields = exchange.head.valuesOf('idempotency-key');
  if (fields.length === 0) return waiter.onReplay(policy.isRequired ? 'key_missing' : 'pass');
  // The upstream gets them all, and may go by another one than we do.
  const key = fields.length > 1 ? null : parseIdempotencyKey(fields[0]!);
  if (key === null) return waiter.onReplay('key_malformed');
  const ask = (): void => {
    const claim = claimOf(exchange, key);
    askStore(gateway, claim)
      .then((verdict) => waiter.onReplay(outcomeOf(gateway, exchange, policy, claim, verdict)))
      .catch((fault: unknown) => failRequest(gateway, exchange, fault));
  };
  if (!exchange.head.hasBody || exchange.content !== null) return ask();
  const bound = Math.min(policy.maxBodyBytes, exchange.operation!.version.maxBodyBytes);
  if (exchange.head.contentLength > bound) return waiter.onReplay('body_too_large');
  readContent(exchange, bound, {
    onContent: (verdict) => {
      switch (verdict) {
        case 'read':
          return ask();
        case 'too_large':
          return waiter.onReplay('body_too_large');
        case 'client_gone':
          return waiter.onReplay('client_gone');
      }
    },
  });
}

function claimOf(exchange: Exchange, key: string): ReplayClaim {
  const { account, operation, request, path, query, content, head, requestId, tokenSubject } = exchange;
  const { application, mode } = account!;
  const parts = [application.id, mode, operation!.version.id, operation!.operation, key];
  // Who calls with tokens of their own may choose the same keys, and must not see each other's answers.
  if (tokenSubject !== null) parts.push(tokenSubject);
  const place = parts.join('\n');
  const asked = [request.method, path + query, head.valueOf('content-type') ?? '', ''].join('\n');
  return {
    key: hash('sha256', place, 'buffer'),
    organizationId: application.organizationId,
    claimant: requestId,
    fingerprint: hash('sha256', Buffer.concat([Buffer.from(asked), content?.bytes ?? Buffer.alloc(0)]), 'buffer'),
  };
}

/** Null when the store does not answer in time; a claim that it grants later is given up. */
function askStore(gateway: GatewayCore, claim: ReplayClaim): Promise<ReplayVerdict | null> {
  const { replays, log } = gateway;
  return new Promise((resolve) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      log.warn('the store of idempotency keys does not answer in time; calls pass');
      resolve(null);
    }, storeWaitMs);
    replays.claim(claim, claimMs).then(
      (verdict) => {
        clearTimeout(timer);
        if (isLate && verdict.state === 'claimed') replays.abandon(claim).catch(() => undefined);
        resolve(verdict);
      },
      (error: Error) => {
        clearTimeout(timer);
        log.warn({ error: error.message }, 'the store of idempotency keys does not answer; calls pass');
        resolve(null);
      },
    );
  });
}

function outcomeOf(
  gateway: GatewayCore,
  exchange: Exchange,
  policy: IdempotencyPolicy,
  claim: ReplayClaim,
  verdict: ReplayVerdict | null,
): ReplayOutcome {
  if (verdict?.state === 'claimed') exchange.tap = new ReplayRecorder(gateway.replays, claim, policy, gateway.log);
  if (exchange.isClientGone) {
    exchange.tap?.onIncomplete();
    return 'client_gone';
  }
  if (verdict === null || verdict.state === 'claimed') return 'pass';
  if (verdict.state !== 'answered') return verdict.state;
  return verdict.answer.length === 0 ? 'not_kept' : decodeAnswer(verdict.answer);
}
