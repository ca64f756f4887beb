import { createHash } from 'node:crypto';
import type { UpstreamTls } from '#domain';

/** TLS settings of an upstream in the words of `node:tls`. */
export interface TlsEntry {
  readonly rejectUnauthorized: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Equal for settings that are equal: connections are shared by it. */
  readonly id: string;
}

/** `clientKey` is that of the client certificate; `allowsUnverified` is the operator's word. */
export function tlsEntryOf(
  { verify, ca, clientCertificate }: UpstreamTls,
  clientKey: string | null,
  allowsUnverified: boolean,
): TlsEntry {
  const options = {
    rejectUnauthorized: verify || !allowsUnverified,
    ...(ca !== undefined && { ca }),
    ...(clientCertificate !== undefined && clientKey !== null && { cert: clientCertificate, key: clientKey }),
  };
  return { ...options, id: createHash('sha256').update(JSON.stringify(options)).digest('base64') };
}
