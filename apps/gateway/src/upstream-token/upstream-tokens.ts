import { randomUUID } from 'node:crypto';
import { type Clock, type UpstreamToken, signJwt } from '#domain';
import type { Account } from '../exchange.js';
import type { SigningKeys } from '../snapshot/signing-keys.js';

/** Callers whose tokens are kept; beyond it all are forgotten, which costs a signature each. */
const maxKept = 10_000;

interface KeptToken {
  readonly token: string;
  readonly renewAtMs: number;
}

/**
 * The tokens that tell an upstream who calls. A caller's token is made once for half of its lifetime, so that an upstream
 * has at least the other half to verify it.
 */
export class UpstreamTokens {
  readonly header: string;
  private kept = new Map<string, KeptToken>();

  constructor(
    private readonly policy: UpstreamToken,
    private readonly audience: string,
    private readonly issuer: string,
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
  ) {
    this.header = policy.header;
  }

  of({ application, credential, terms, mode }: Account): string {
    const nowMs = this.clock.nowMs();
    const planVersion = terms === null ? null : terms.planVersion;
    const caller = `${application.id} ${credential.id} ${planVersion === null ? 'test' : planVersion.id}`;
    const known = this.kept.get(caller);
    if (known !== undefined && nowMs < known.renewAtMs) return known.token;
    const key = this.keys.at(nowMs);
    const { lifetimeSeconds } = this.policy;
    const issuedAt = Math.floor(nowMs / 1000);
    const claims = {
      iss: this.issuer,
      aud: this.audience,
      sub: application.id,
      organization: application.organizationId,
      plan: planVersion === null ? 'test' : planVersion.planSlug,
      ...(planVersion?.featureField && { features: planVersion.definition.entitlements!.features }),
      mode,
      // A caller with a token or a certificate has no key.
      ...(credential.keyId !== '' && { key: credential.keyId }),
      jti: randomUUID(),
      iat: issuedAt,
      exp: issuedAt + lifetimeSeconds,
    };
    const token = signJwt(claims, key.algorithm, key.id, key.privateKey);
    if (this.kept.size >= maxKept) this.kept = new Map();
    this.kept.set(caller, { token, renewAtMs: (issuedAt + lifetimeSeconds / 2) * 1000 });
    return token;
  }
}
