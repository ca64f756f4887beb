import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import { NO_CREDENTIAL } from '../snapshot/credential-store.js';
import { checkSuspension } from '../policies/check-suspension.js';
import { entitle } from '../policies/entitle.js';

/**
 * Whether a stream may go on: `unchanged`, or `renewed` terms, when a period or phase has begun since; otherwise the
 * reason for its end, in a word.
 */
export type StandingVerdict =
  | 'unchanged'
  | 'renewed'
  | 'key_revoked'
  | 'key_expired'
  | 'identity_removed'
  | 'application_suspended'
  | 'subscription_suspended'
  | 'payment_required'
  | 'not_subscribed'
  | 'operation_not_in_plan';

/** Looks again at who pays for a stream, as for a request that comes now. */
export function standing(gateway: GatewayCore, { account, operation }: Exchange, nowMs: number): StandingVerdict {
  const { credential, application, terms, mode } = account!;
  const { snapshot } = gateway;
  const { credentials, identities } = snapshot;
  if (credential.keyId === '') {
    if (!identities.stillStandsFor(credential)) return 'identity_removed';
  } else {
    const index = credentials.find(credential.keyId);
    if (index === NO_CREDENTIAL || credentials.isRevoked(index)) return 'key_revoked';
    if (credentials.hasExpired(index, nowMs)) return 'key_expired';
  }
  const currentApplication = snapshot.applications.get(application.id);
  if (!currentApplication || currentApplication.isSuspended) return 'application_suspended';
  if (mode === 'test') return 'unchanged';
  const { planVersions } = snapshot.catalog;
  const { restrictions } = credential;
  const current = entitle(currentApplication, operation!, planVersions, gateway.terms, nowMs, restrictions);
  if (current === 'operation_not_in_plan') return current;
  if (typeof current === 'string') return 'not_subscribed';
  const suspendedFor = checkSuspension(current);
  if (suspendedFor !== null) return suspendedFor === 'operator' ? 'subscription_suspended' : 'payment_required';
  return current === terms ? 'unchanged' : 'renewed';
}

/** Puts the terms of now in the place of those before; only after `renewed`. */
export function renewAccount(gateway: GatewayCore, exchange: Exchange, nowMs: number): void {
  const account = exchange.account!;
  const { snapshot } = gateway;
  const application = snapshot.applications.get(account.application.id)!;
  const { planVersions } = snapshot.catalog;
  const operation = exchange.operation!;
  const terms = entitle(application, operation, planVersions, gateway.terms, nowMs, account.credential.restrictions);
  if (typeof terms === 'string') return;
  const productId = terms.subscription.apiProductId;
  const metering = operation.meterings.get(productId)!;
  const { billability } = terms.planVersion;
  exchange.account = { ...account, application, terms, productId, metering, billability };
}
