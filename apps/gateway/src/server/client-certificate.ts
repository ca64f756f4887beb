import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** Who a verified client certificate is for. */
export interface ClientCertificate {
  /** The subject in one line, "CN=…,O=…", the most specific part first (RFC 4514). */
  readonly subject: string;
  /** As "DNS:…", "URI:…", "email:…", in the order of the certificate. */
  readonly alternativeNames: readonly string[];
  /** True for a host that has the authorities by which it was verified. */
  readonly isShownTo: (host: string) => boolean;
  /** True when all names that ask for certificates have the same authorities. */
  readonly isOfOnlyAuthorities: boolean;
}

const certificates = new WeakMap<Socket, ClientCertificate>();

/** Keeps what is needed of the certificate of a connection that was verified. */
export function rememberClientCertificate(
  socket: TLSSocket,
  authorities: Pick<ClientCertificate, 'isShownTo' | 'isOfOnlyAuthorities'>,
): void {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return;
  certificates.set(socket, {
    subject: certificate.subject.split('\n').toReversed().join(','),
    alternativeNames: (certificate.subjectAltName ?? '').split(', ').filter((name) => name !== ''),
    ...authorities,
  });
}

/** The certificate that the client at the other end has shown and that was verified; null when there is none. */
export function clientCertificateOf(socket: Socket): ClientCertificate | null {
  return certificates.get(socket) ?? null;
}
