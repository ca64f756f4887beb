import type { AuthenticationPolicy, MtlsPolicy } from '#domain';
import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import type { CredentialEntry } from '../snapshot/credential-store.js';
import { type JwtEntry, type JwtVerdict, authenticateJwt, compileJwt } from './authenticate-jwt.js';
import { type MtlsVerdict, authenticateMtls } from './authenticate-mtls.js';
import { type AuthenticationVerdict, authenticate } from './authenticate.js';

/** What callers of an API version may show beside keys. */
export interface Identification {
  readonly jwt: JwtEntry | null;
  readonly mtls: MtlsPolicy | null;
  /** The version is at one host, and so of the authorities of that. */
  readonly hasHost: boolean;
}

export type IdentificationVerdict =
  | CredentialEntry
  | Extract<AuthenticationVerdict | JwtVerdict | MtlsVerdict, string>
  | 'conflicting_callers'
  | 'certificate_missing';

export function compileIdentification({ jwt, mtls }: AuthenticationPolicy, host: string | null): Identification | null {
  if (!jwt && !mtls) return null;
  return { jwt: jwt ? compileJwt(jwt) : null, mtls: mtls ?? null, hasHost: host !== null };
}

/**
 * Finds out who calls, where tokens or certificates count beside keys. All that a request shows must be good and stand
 * for the same application: none wins over another. A key, where there is one, is what restricts and what is recorded.
 */
export function identify(
  gateway: GatewayCore,
  exchange: Exchange,
  { jwt, mtls, hasHost }: Identification,
): IdentificationVerdict {
  const { snapshot, peppers, keySets } = gateway;
  const callers: CredentialEntry[] = [];
  if (jwt !== null) {
    const byToken = authenticateJwt(exchange, jwt, keySets.of(jwt.policy), snapshot);
    if (typeof byToken !== 'string') callers.push(byToken);
    else if (byToken !== 'missing') return byToken;
  }
  const byKey = authenticate(exchange, snapshot, peppers);
  if (typeof byKey !== 'string') callers.unshift(byKey);
  else if (byKey !== 'missing') return byKey;
  if (mtls !== null) {
    const byCertificate = authenticateMtls(exchange, mtls, hasHost, snapshot.identities);
    if (typeof byCertificate !== 'string') callers.push(byCertificate);
    else if (byCertificate !== 'missing') return byCertificate;
    else if (mtls.isRequired) return 'certificate_missing';
  }
  const [first, ...others] = callers;
  if (first === undefined) return 'missing';
  return others.every(({ applicationId }) => applicationId === first.applicationId) ? first : 'conflicting_callers';
}
