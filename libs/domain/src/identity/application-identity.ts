/** `jwt`: a claim in the tokens of an issuer. `mtls`: the subject or an alternative name of a client certificate. */
export type IdentityKind = 'jwt' | 'mtls';

/** A name that an application has elsewhere. Who shows that it is the bearer of the name calls for the application. */
export interface ApplicationIdentity {
  readonly id: string;
  readonly organizationId: string;
  readonly applicationId: string;
  readonly kind: IdentityKind;
  /** Of the tokens; empty for certificates. */
  readonly issuer: string;
  /** Of the claim; of a certificate "CN=…,O=…" or "DNS:…", exactly as it stands there. */
  readonly value: string;
  readonly createdAt: Date;
}
