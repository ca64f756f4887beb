import { hash } from 'node:crypto';

const MAX_TOKENS = 10_000;

/** What counts of a token once it was verified. */
export interface VerifiedToken {
  /** Of the claim that says which application calls. */
  readonly applicationValue: string;
  readonly scopes: readonly string[];
  /** Whom it is about (`sub`); null when it does not say. */
  readonly subject: string | null;
  /** When it stops being accepted. */
  readonly expiresAtMs: number;
}

/**
 * Tokens that were verified, by their hash, so that each is verified once: at most ten thousand, the oldest goes first. A
 * change of the issuer's keys forgets them all.
 */
export class VerifiedTokens {
  private readonly byHash = new Map<string, VerifiedToken>();
  private keySetVersion = 0;

  find(token: string, keySetVersion: number, nowMs: number): VerifiedToken | null {
    if (keySetVersion !== this.keySetVersion) {
      this.byHash.clear();
      this.keySetVersion = keySetVersion;
    }
    if (this.byHash.size === 0) return null;
    const found = this.byHash.get(hash('sha256', token, 'base64'));
    return found !== undefined && found.expiresAtMs > nowMs ? found : null;
  }

  keep(token: string, verified: VerifiedToken): void {
    if (this.byHash.size >= MAX_TOKENS) this.byHash.delete(this.byHash.keys().next().value!);
    this.byHash.set(hash('sha256', token, 'base64'), verified);
  }
}
