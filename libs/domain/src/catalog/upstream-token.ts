export const DEFAULT_TOKEN_HEADER = 'tollgate-token';
export const MAX_TOKEN_SECONDS = 60;

/** A short token of the gateway's own that says to an upstream who calls. */
export interface UpstreamToken {
  /** Lower case. */
  readonly header: string;
  /** For whom it is; null for the upstream's URL. */
  readonly audience: string | null;
  /** How long it counts. It is used for calls of the same caller until half of that is over. */
  readonly lifetimeSeconds: number;
}
