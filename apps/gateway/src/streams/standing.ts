import { isDeepStrictEqual } from 'node:util';
import type { SuspensionReason } from '#domain';
import type { Account, Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import { clientAddress } from '../peer/client-address.js';
import { checkSuspension } from '../policies/check-suspension.js';
import { entitle } from '../policies/entitle.js';
import { type RestrictionVerdict, checkRestrictions } from '../policies/restrict-key.js';
import type { Metering } from '../metering/metering.js';
import type { OperationEntry } from '../snapshot/catalog.js';
import { type CredentialEntry, NO_CREDENTIAL } from '../snapshot/credential-store.js';
import type { KeyRestrictionsEntry } from '../snapshot/key-restrictions.js';
import type { Snapshot } from '../snapshot/snapshot.js';

/** Why a stream may not go on, in a word. */
export type StreamEnd =
  | 'key_revoked'
  | 'key_expired'
  | 'identity_removed'
  | 'application_suspended'
  | 'operation_removed'
  | Exclude<RestrictionVerdict, 'unrestricted'>
  | 'subscription_suspended'
  | 'payment_required'
  | 'not_subscribed'
  | 'operation_not_in_plan';

/** Whether somebody has decided so, where nothing can be paid. */
const isDecided: Readonly<Record<SuspensionReason, boolean>> = {
  operator: true,
  publisher: true,
  payment: false,
  trial_ended: false,
};

/** What a stream goes on under. */
export interface Standing {
  /** Of the catalogue of now. */
  readonly operation: OperationEntry;
  /** The same object as before when neither terms nor meters have changed. */
  readonly account: Account;
}

/** Looks again at what a stream calls and who pays for it, as for a request that comes now. */
export function standing(gateway: GatewayCore, exchange: Exchange, nowMs: number): Standing | StreamEnd {
  const { snapshot } = gateway;
  const account = exchange.account!;
  const restrictions = restrictionsOf(snapshot, account.credential, nowMs);
  if (typeof restrictions === 'string') return restrictions;
  const application = snapshot.applications.get(account.application.id);
  if (!application || application.isSuspended) return 'application_suspended';
  const operation = currentOperation(snapshot, exchange);
  if (operation === null) return 'operation_removed';
  const { addresses } = operation.version;
  if (addresses !== null && !addresses.permits(clientAddress(exchange))) return 'address_not_allowed';
  if (restrictions !== null) {
    const restriction = checkRestrictions(restrictions, clientAddress(exchange), operation);
    if (restriction !== 'unrestricted') return restriction;
  }
  if (account.mode === 'test') {
    const testProduct = operation.version.products.find(({ id }) => id === account.productId);
    if (!testProduct) return 'not_subscribed';
    const metering = currentMetering(exchange, operation, account.productId);
    if (metering === account.metering) return { operation, account };
    return { operation, account: { ...account, application, testProduct, metering } };
  }
  const { planVersions } = snapshot.catalog;
  const terms = entitle(application, operation, planVersions, gateway.terms, nowMs, restrictions);
  if (terms === 'operation_not_in_plan') return terms;
  if (typeof terms === 'string') return 'not_subscribed';
  const suspendedFor = checkSuspension(terms);
  if (suspendedFor !== null) return isDecided[suspendedFor] ? 'subscription_suspended' : 'payment_required';
  const productId = terms.subscription.apiProductId;
  const metering = currentMetering(exchange, operation, productId);
  if (terms === account.terms && metering === account.metering) return { operation, account };
  const { billability } = terms;
  return { operation, account: { ...account, application, terms, productId, metering, billability } };
}

function restrictionsOf(
  { credentials, identities }: Snapshot,
  credential: CredentialEntry,
  nowMs: number,
): KeyRestrictionsEntry | null | 'key_revoked' | 'key_expired' | 'identity_removed' {
  if (credential.keyId === '') return identities.stillStandsFor(credential) ? null : 'identity_removed';
  const index = credentials.find(credential.keyId);
  if (index === NO_CREDENTIAL || credentials.isRevoked(index)) return 'key_revoked';
  if (credentials.hasExpired(index, nowMs)) return 'key_expired';
  return credentials.restrictionsOf(index);
}

/** What the stream has asked for, in the version to whose upstream it is connected; null when that is not there any more. */
function currentOperation({ catalog }: Snapshot, exchange: Exchange): OperationEntry | null {
  const { authority, path, request, operation } = exchange;
  const current = catalog.routes.find(authority ?? '', path, exchange)?.operations.get(request.method!);
  return current?.version.id === operation!.version.id ? current : null;
}

/** That of now; the same object as before when it says the same. */
function currentMetering(exchange: Exchange, operation: OperationEntry, productId: string): Metering {
  const { metering, productId: knownId } = exchange.account!;
  if (operation === exchange.operation && productId === knownId) return metering;
  const current = operation.meterings.get(productId)!;
  return isDeepStrictEqual(current, metering) ? metering : current;
}
