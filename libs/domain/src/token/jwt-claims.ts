import type { JwtClaims } from './jwt.js';

export type JwtClaimsVerdict = 'valid' | 'wrong_issuer' | 'wrong_audience' | 'expired' | 'not_yet_valid' | 'no_expiry';

export interface JwtExpectations {
  readonly issuer: string;
  /** One of them must be among the token's. */
  readonly audiences: readonly string[];
  /** How far the clocks of issuer and gateway may be apart. */
  readonly clockSkewSeconds: number;
}

/** Checks what every token must say (RFC 7519 §4.1); one that never ends is not accepted. */
export function checkJwtClaims(claims: JwtClaims, expected: JwtExpectations, nowMs: number): JwtClaimsVerdict {
  const { iss, aud, exp, nbf } = claims;
  if (iss !== expected.issuer) return 'wrong_issuer';
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!audiences.some((one) => expected.audiences.includes(one as string))) return 'wrong_audience';
  if (typeof exp !== 'number' || !Number.isFinite(exp)) return 'no_expiry';
  const skewMs = expected.clockSkewSeconds * 1000;
  if (exp * 1000 + skewMs <= nowMs) return 'expired';
  if (nbf !== undefined && (typeof nbf !== 'number' || nbf * 1000 - skewMs > nowMs)) return 'not_yet_valid';
  return 'valid';
}

/** The scopes of a token: the list in `scope` (RFC 9068 §2.2.3) or, as some issuers have it, `scp`. */
export function scopesOf({ scope, scp }: JwtClaims): readonly string[] {
  const value = scope ?? scp;
  if (typeof value === 'string') return value.split(' ');
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
