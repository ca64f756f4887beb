import type { JwtAlgorithm } from '../token/jwt-algorithm.js';

/** Access tokens of somebody else's authorization server that callers of an API version may show. */
export interface JwtPolicy {
  /** As in the claim `iss`. */
  readonly issuer: string;
  /** One of them must be in the claim `aud`. */
  readonly audiences: readonly string[];
  readonly algorithms: readonly JwtAlgorithm[];
  /** Where the issuer's keys are; null: where its OpenID discovery document says. */
  readonly jwksUrl: string | null;
  /** Whose value says which application calls. */
  readonly applicationClaim: string;
  /** `identity`: the value is one of the application's identities. `application`: it is the application's id. */
  readonly applicationBy: 'identity' | 'application';
  readonly clockSkewSeconds: number;
  /** The first entry with a selector of the operation counts. */
  readonly requiredScopes: readonly RequiredScopes[];
  /** True passes the token on to the upstream. */
  readonly isForwarded: boolean;
}

export interface RequiredScopes {
  /** Of operations, as in the bindings of meters. */
  readonly selector: string;
  /** The token must have all of them. */
  readonly scopes: readonly string[];
}
