/** What a key stands for: one call of one application to one operation. */
export interface ReplayClaim {
  /** SHA-256 of application, operation and key. */
  readonly key: Buffer;
  readonly organizationId: string;
  /** The id of the request. */
  readonly claimant: string;
  /** SHA-256 of what is asked: the same key for something else is a mistake of the client. */
  readonly fingerprint: Buffer;
}

/**
 * `claimed`: nobody has made this call; make it, then `complete` or `abandon`. `in_flight`: it is being made.
 * `other_request`: the key was used for something else.
 */
export type ReplayVerdict =
  | { readonly state: 'claimed' | 'in_flight' | 'other_request' }
  | { readonly state: 'answered'; readonly answer: Buffer };

/** Keeps the answers of calls that must not be made twice. Every method rejects when the store does not answer. */
export interface ReplayStore {
  /** A claim that is neither completed nor abandoned ends after `claimMs`. Of claims at once, one is granted. */
  claim(claim: ReplayClaim, claimMs: number): Promise<ReplayVerdict>;
  /** Keeps the answer for `keepMs`; nothing happens when the claim has ended and another has the key. */
  complete(claim: ReplayClaim, answer: Buffer, keepMs: number): Promise<void>;
  /** Frees the key: the call may be made again. */
  abandon(claim: ReplayClaim): Promise<void>;
  /** Forgets what has expired. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}
