import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { SharedCount } from './shared-count.js';

/**
 * How long wrong passwords are counted. better-auth prunes its table of counters by the longest window that it knows of,
 * so one of its own rules must have this window.
 */
export const ACCOUNT_WINDOW_SECONDS = 900;
const MAX_TRIES = 30;

/**
 * Limits the tries at one account's password from all addresses together, known account or not. A right password
 * begins the count anew.
 */
export class AccountLimit {
  private readonly tries: SharedCount;

  constructor(pool: Pick<Pool, 'query'>) {
    this.tries = new SharedCount(pool, { windowSeconds: ACCOUNT_WINDOW_SECONDS, max: MAX_TRIES });
  }

  /** Counts a try; returns after how many seconds the next one is welcome: 0 for at once. */
  countTry(email: string, nowMs: number): Promise<number> {
    return this.tries.take(addressKey('account', email), nowMs);
  }

  forget(email: string): Promise<void> {
    return this.tries.forget(addressKey('account', email));
  }
}

/** What is counted for an e-mail address. The table of counters holds no addresses of people. */
export function addressKey(what: string, email: string): string {
  return `${what}:${createHash('sha256').update(email.toLowerCase()).digest('hex')}`;
}
