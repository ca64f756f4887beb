import type { MtlsPolicy } from '#domain';
import type { Exchange } from '../exchange.js';
import { hostOf } from '../routing/request-target.js';
import { clientCertificateOf } from '../server/client-certificate.js';
import type { CredentialEntry } from '../snapshot/credential-store.js';
import type { IdentityStore } from '../snapshot/identity-store.js';

/** The caller that a client certificate stands for, or why there is none. */
export type MtlsVerdict =
  | CredentialEntry
  | 'missing'
  | 'certificate_for_other_host'
  | 'certificate_authority_unclear'
  | 'certificate_unmapped'
  | 'certificate_ambiguous';

/**
 * Finds out whose certificate the connection was opened with. One that was shown under the name of another host, whose
 * authorities may be others, does not count. Neither does any where authorities differ and the version is at every host: each of them could
 * issue what another one's certificates are mapped by.
 */
export function authenticateMtls(
  exchange: Exchange,
  policy: MtlsPolicy,
  hasHost: boolean,
  identities: IdentityStore,
): MtlsVerdict {
  const certificate = clientCertificateOf(exchange.socket);
  if (certificate === null) return 'missing';
  if (!certificate.isShownTo(hostOf(exchange.authority ?? ''))) return 'certificate_for_other_host';
  if (!hasHost && !certificate.isOfOnlyAuthorities) return 'certificate_authority_unclear';
  const names = policy.identifyBy === 'subject' ? [certificate.subject] : certificate.alternativeNames;
  let caller: CredentialEntry | null = null;
  for (const name of names) {
    const found = identities.find('mtls', '', name);
    if (found === null) continue;
    if (caller !== null && caller.applicationId !== found.applicationId) return 'certificate_ambiguous';
    caller ??= found;
  }
  return caller ?? 'certificate_unmapped';
}
