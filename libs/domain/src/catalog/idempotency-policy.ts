/** Operations whose calls are not made twice with one Idempotency-Key (draft-ietf-httpapi-idempotency-key-header). */
export interface IdempotencyPolicy {
  /** As of a meter's binding; every POST and PATCH that one of them selects. */
  readonly operations: readonly string[];
  /** Refuses calls without a key. */
  readonly isRequired: boolean;
  /** How long an answer is given again. */
  readonly keepSeconds: number;
  /** Longer request bodies are refused with a key, and longer answers are not given again. */
  readonly maxBodyBytes: number;
}
