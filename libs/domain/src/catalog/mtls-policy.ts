/** Client certificates that callers of an API version may show. Which authorities count is the operator's to say. */
export interface MtlsPolicy {
  /** True refuses calls without a certificate, whatever else they show. */
  readonly isRequired: boolean;
  /** What of a certificate is looked up among the identities of applications. */
  readonly identifyBy: 'subject' | 'alternative_name';
}
