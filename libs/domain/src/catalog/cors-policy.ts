/**
 * Which pages of other origins may read the answers of an API version (CORS, fetch.spec.whatwg.org §3.2). Origins are
 * exact ("https://app.example.com"), "*" for any, or with one open label ("https://*.example.com").
 */
export interface CorsPolicy {
  readonly allowOrigins: readonly string[];
  /** Empty: those that the path has. */
  readonly allowMethods: readonly string[];
  /** Request fields beyond the simple ones. Empty: whatever the page asks for. */
  readonly allowHeaders: readonly string[];
  /** Response fields that pages may read, beside those of the gateway. */
  readonly exposeHeaders: readonly string[];
  /** Lets pages send cookies and client certificates. */
  readonly allowCredentials: boolean;
  /** How long a browser may remember the answer to a preflight. */
  readonly maxAgeSeconds: number;
}
