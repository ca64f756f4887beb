import type { Mode } from '../usage/usage-event.js';

/** Calls of one kind that a gateway has refused within an hour. They cost nothing, and are no part of the ledger. */
export interface RefusedCalls {
  readonly apiVersionId: string;
  /** Where the hour begins. */
  readonly startsAtMs: number;
  readonly operation: string;
  /** Whose key it was, where that is known; all three are null for callers that nobody knows. */
  readonly applicationId: string | null;
  readonly credentialId: string | null;
  readonly mode: Mode | null;
  /** Stable and public, as in the answer. */
  readonly code: string;
  readonly status: number;
  readonly calls: number;
  /** When the last of them came. */
  readonly lastAtMs: number;
}
