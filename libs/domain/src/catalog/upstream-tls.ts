/** How the gateway makes sure of an https upstream, and the upstream of the gateway. */
export interface UpstreamTls {
  /** False: any certificate will do, where the operator allows that. */
  readonly verify: boolean;
  /** The authorities whose certificates count, as PEM, in the place of those that everybody trusts. */
  readonly ca?: string | undefined;
  /** What the gateway shows: a certificate and those between it and its authority, as PEM. Its key is sealed. */
  readonly clientCertificate?: string | undefined;
}

/** What the key of a client certificate is sealed for. */
export const CLIENT_KEY_PURPOSE = 'upstream-client-key';
