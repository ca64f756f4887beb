import type { Upstream, UpstreamTls } from '#domain';
import type { InFile } from './exported-catalog.js';
import { trafficToFile } from './traffic-to-file.js';

/** An upstream as a file has it, without the values of its secrets. */
export function upstreamToFile(upstream: Upstream): InFile {
  const { url, targets, traffic, credentialHeader, tls, ...others } = upstream;
  return {
    ...(targets ? { targets } : { url }),
    ...(traffic && { traffic: trafficToFile(traffic) }),
    ...others,
    ...(credentialHeader !== undefined && { credential: { header: credentialHeader } }),
    ...(tls && { tls: tlsToFile(tls) }),
  };
}

function tlsToFile({ clientCertificate, ...tls }: UpstreamTls) {
  return { ...tls, ...(clientCertificate !== undefined && { clientCertificate: { certificate: clientCertificate } }) };
}
