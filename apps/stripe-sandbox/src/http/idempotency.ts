import { createHash } from 'node:crypto';
import type { Store } from '../state/store.js';
import { invalidRequest, StripeFault } from './stripe-fault.js';

/** The answer that a key replays. */
export interface IdempotentAnswer {
  /** The key itself. */
  readonly id: string;
  readonly path: string;
  readonly fingerprint: string;
  readonly status: number;
  readonly body: string;
  readonly requestId: string;
  /** Unix seconds. */
  readonly created: number;
}

/** Stripe may forget a key once it is a day old; the sandbox always does, so that nothing comes to lean on more. */
const keptSeconds = 24 * 3600;

export function fingerprintOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

export function checkKey(key: string): void {
  if (key.length > 255) throw invalidRequest(`Idempotency key must be at most 255 characters; got ${key.length}.`);
}

/** The answer that was given under this key, if there is one; a key used for anything else is refused. */
export function recall(
  store: Store,
  key: string,
  path: string,
  fingerprint: string,
  now: number,
): IdempotentAnswer | undefined {
  const answer = store.get('idempotent_answers', key);
  if (answer === undefined || answer.created <= now - keptSeconds) return undefined;
  const advice = `Try using a key other than '${key}' if you meant to execute a different request.`;
  if (answer.path !== path) {
    throw conflict(
      400,
      `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${path}' vs ` +
        `'${answer.path}'). ${advice}`,
    );
  }
  if (answer.fingerprint !== fingerprint) {
    throw conflict(
      400,
      `Keys for idempotent requests can only be used with the same parameters they were first used with. ${advice}`,
    );
  }
  return answer;
}

/** Keeps an answer, within a transaction, and forgets those that are too old. */
export function remember(store: Store, answer: IdempotentAnswer): void {
  for (const old of store.oldestFirst('idempotent_answers')) {
    if (old.created > answer.created - keptSeconds) break;
    if (old.id !== answer.id) store.delete('idempotent_answers', old.id);
  }
  store.put('idempotent_answers', answer);
}

export function keyInUse(key: string): StripeFault {
  return conflict(
    409,
    'There is currently another in-progress request using this Idempotent Key (that probably means you submitted ' +
      `twice, and the other request is still going through): ${key}. Please try again later.`,
    'idempotency_key_in_use',
  );
}

function conflict(status: number, message: string, code?: string): StripeFault {
  return new StripeFault(status, { type: 'idempotency_error', ...(code !== undefined && { code }), message });
}
