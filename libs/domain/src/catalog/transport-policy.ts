/** How the calls of an API version must come. Without a policy HTTP and HTTPS are equal. */
export interface TransportPolicy {
  /**
   * What happens to a call over plain HTTP: `refuse` answers 426, `redirect` answers 308 with the same address under https.
   * Its credentials have gone over the wire by then: `refuse` lets the caller notice.
   */
  readonly plainHttp: 'refuse' | 'redirect';
  /** Where `redirect` leads to. */
  readonly httpsPort: number;
}
