import {
  type JwtAlgorithm,
  type JwtPolicy,
  type ParsedJwt,
  type Route,
  checkJwtClaims,
  hasJwtForm,
  parseJwt,
  scopesOf,
  selectsOperation,
  verifyJwtSignature,
} from '#domain';
import type { Exchange } from '../exchange.js';
import type { KeySet } from '../identity/key-set.js';
import { type VerifiedToken, VerifiedTokens } from '../identity/verified-tokens.js';
import type { CredentialEntry } from '../snapshot/credential-store.js';
import { identifiedCaller } from '../snapshot/identity-store.js';
import type { Snapshot } from '../snapshot/snapshot.js';

/** A policy in the form in which requests ask it. */
export interface JwtEntry {
  readonly policy: JwtPolicy;
  readonly algorithms: ReadonlySet<JwtAlgorithm>;
  readonly verified: VerifiedTokens;
}

/** Why a token does not open; the caller is told the same for each. */
export type TokenFault =
  | 'token_malformed'
  | 'token_algorithm'
  | 'token_key_unknown'
  | 'token_signature'
  | 'token_claims'
  | 'token_expired'
  | 'token_application_missing'
  | 'token_unmapped';

/**
 * The caller that a token stands for, or why there is none. `missing`: no token. `keys_unread`: the issuer's keys are not
 * known, or not this one; they may be read anew.
 */
export type JwtVerdict =
  | CredentialEntry
  | 'missing'
  | 'conflicting'
  | 'keys_unread'
  | 'insufficient_scope'
  | TokenFault;

export function compileJwt(policy: JwtPolicy): JwtEntry {
  return { policy, algorithms: new Set(policy.algorithms), verified: new VerifiedTokens() };
}

/** The scopes that a token needs for an operation; null for none. */
export function requiredScopesOf({ requiredScopes }: JwtPolicy, route: Route): readonly string[] | null {
  const required = requiredScopes.find(({ selector }) => selectsOperation(selector, route))?.scopes ?? [];
  return required.length === 0 ? null : required;
}

/** Finds out whose token the request carries as a bearer. A token is verified once, and then known until it ends. */
export function authenticateJwt(exchange: Exchange, jwt: JwtEntry, keys: KeySet, snapshot: Snapshot): JwtVerdict {
  const token = tokenOf(exchange.head.authorizations);
  if (token === null) return 'missing';
  if (token === CONFLICTING) return 'conflicting';
  if (token === MALFORMED) return 'token_malformed';
  if (!jwt.policy.isForwarded) exchange.isAuthorizationKey = true;
  const known = jwt.verified.find(token, keys.version, exchange.admittedMs);
  const verified = known ?? verify(token, jwt, keys, exchange.admittedMs);
  if (typeof verified === 'string') return verified;
  if (jwt.policy.isForwarded) exchange.tokenSubject = verified.subject;
  const { requiredScopes } = exchange.operation!;
  if (requiredScopes !== null && !requiredScopes.every((scope) => verified.scopes.includes(scope))) {
    return 'insufficient_scope';
  }
  return callerOf(verified, jwt.policy, snapshot) ?? 'token_unmapped';
}

const CONFLICTING = Symbol('conflicting');
const MALFORMED = Symbol('malformed');
/** With blanks that HTTP does not know, such as U+00A0: programs that divide what they got into words do. */
const SCHEME = /^\s*bearer\s+/i;

/** What an upstream might read as a token counts as one: it may get none but those that are verified here. */
function tokenOf(authorizations: readonly string[]): string | typeof CONFLICTING | typeof MALFORMED | null {
  let token: string | null = null;
  for (const authorization of authorizations) {
    const scheme = SCHEME.exec(authorization)?.[0];
    if (scheme === undefined) continue;
    const words = authorization
      .slice(scheme.length)
      .trimEnd()
      .split(/[\s,]+/);
    const text = words.find(hasJwtForm);
    if (text === undefined) continue;
    if (words.length > 1) return MALFORMED;
    if (token !== null && token !== text) return CONFLICTING;
    token = text;
  }
  return token;
}

function verify(token: string, jwt: JwtEntry, keys: KeySet, nowMs: number): VerifiedToken | 'keys_unread' | TokenFault {
  const parsed = parseJwt(token);
  if (!parsed) return 'token_malformed';
  if (!jwt.algorithms.has(parsed.algorithm)) return 'token_algorithm';
  // What costs nothing comes before the signature.
  const { policy } = jwt;
  const claims = checkJwtClaims(parsed.claims, policy, nowMs);
  if (claims !== 'valid') return claims === 'expired' ? 'token_expired' : 'token_claims';
  const value = parsed.claims[policy.applicationClaim];
  if (typeof value !== 'string' || value === '') return 'token_application_missing';
  const candidates = keys.find(parsed.keyId, parsed.algorithm);
  if (candidates.length === 0) return 'keys_unread';
  if (!isSignedBy(parsed, candidates)) return 'token_signature';
  const expiresAtMs = (parsed.claims['exp'] as number) * 1000 + policy.clockSkewSeconds * 1000;
  const { sub } = parsed.claims;
  const subject = typeof sub === 'string' ? sub : null;
  const verified = { applicationValue: value, scopes: scopesOf(parsed.claims), subject, expiresAtMs };
  jwt.verified.keep(token, verified);
  return verified;
}

function isSignedBy({ algorithm, signed, signature }: ParsedJwt, keys: ReturnType<KeySet['find']>): boolean {
  return keys.some((key) => verifyJwtSignature(algorithm, key, signed, signature));
}

function callerOf(
  { applicationValue }: VerifiedToken,
  { applicationBy, issuer }: JwtPolicy,
  { identities, applications }: Snapshot,
): CredentialEntry | null {
  switch (applicationBy) {
    case 'identity':
      return identities.find('jwt', issuer, applicationValue);
    case 'application':
      return applications.has(applicationValue) ? identifiedCaller(applicationValue, applicationValue) : null;
  }
}
