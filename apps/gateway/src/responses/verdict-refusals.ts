import type { QuotaVerdict } from '#limits';
import { type DecisionVerdict, policiesBeyondDecision } from '../decision/decision.js';
import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import type { OriginVerdict } from '../policies/admit-origin.js';
import type { AuthenticationVerdict } from '../policies/authenticate.js';
import type { EntitlementVerdict } from '../policies/entitle.js';
import type { IdentificationVerdict } from '../policies/identify.js';
import { type RateVerdict, violationOf } from '../policies/limit-rate.js';
import type { TransportVerdict } from '../policies/require-tls.js';
import type { RestrictionVerdict } from '../policies/restrict-key.js';
import type { ReplayOutcome } from '../replay/begin-replay.js';
import type { FramingVerdict } from '../request-head.js';
import type { RoutingVerdict } from '../routing/route.js';
import type { KnownVersions } from '../routing/version-choice.js';
import type { OperationEntry } from '../snapshot/catalog.js';
import { moneyCapRefusal } from './money-refusal.js';
import { type Refusal, refusals } from './refusal.js';
import type { RefusalDetails } from './write-refusal.js';

/*
 * How each verdict of the pipeline's steps is answered. The types make every table complete: a new verdict without an
 * answer does not compile.
 */

/** Plain HTTP, where HTTPS is asked for. */
export function transportRefusal(transport: Exclude<TransportVerdict, 'secure'>): [Refusal, RefusalDetails] {
  if (transport === 'plain') return [refusals.httpsRequired, {}];
  return [refusals.httpsRedirect, { headers: ['location', transport.location] }];
}

/** What cannot be understood in one way only. */
export const framingRefusals: Readonly<Record<Exclude<FramingVerdict, 'sound'>, Refusal>> = {
  unsupported_version: refusals.unsupportedVersion,
  host_missing: refusals.hostMissing,
  host_repeated: refusals.hostRepeated,
  unsupported_transfer_encoding: refusals.unsupportedTransferEncoding,
  authority_differs: refusals.authorityDiffers,
  unsupported_scheme: refusals.unsupportedScheme,
  fields_too_large: refusals.fieldsTooLarge,
  too_many_fields: refusals.tooManyFields,
  unknown_expectation: refusals.unknownExpectation,
};

export const routingRefusals: Readonly<Record<Extract<RoutingVerdict, string>, Refusal>> = {
  target_too_long: refusals.addressTooLong,
  malformed_target: refusals.malformedTarget,
  malformed_path: refusals.malformedPath,
  not_found: refusals.routeNotFound,
};

/** Which version of those at a place is meant is not said, or there is no such one. */
export function versionRefusal({ header, values, asked }: KnownVersions): [Refusal, RefusalDetails] {
  const refusal = asked === null ? refusals.versionMissing : refusals.versionUnknown;
  return [refusal, { members: { header, versions: [...values] }, headers: ['vary', header] }];
}

export const replayRefusals: Readonly<
  Record<Exclude<Extract<ReplayOutcome, string>, 'pass' | 'client_gone'>, Refusal>
> = {
  key_missing: refusals.idempotencyKeyMissing,
  key_malformed: refusals.idempotencyKeyMalformed,
  body_too_large: refusals.bodyTooLarge,
  in_flight: refusals.idempotencyKeyInFlight,
  other_request: refusals.idempotencyKeyReused,
  not_kept: refusals.idempotentAnswerNotKept,
};

export const originRefusals: Readonly<Record<Exclude<OriginVerdict, 'allowed'>, Refusal>> = {
  missing: refusals.originMissing,
  not_allowed: refusals.originNotAllowed,
};

export const authenticationRefusals: Readonly<Record<Extract<AuthenticationVerdict, string>, Refusal>> = {
  conflicting_keys: refusals.conflictingKeys,
  missing: refusals.keyMissing,
  malformed: refusals.keyMalformed,
  unknown: refusals.keyUnknown,
  wrong_secret: refusals.keyWrong,
  pepper_missing: refusals.keyPepperMissing,
  expired: refusals.keyExpired,
  revoked: refusals.keyRevoked,
};

export const restrictionRefusals: Readonly<Record<Exclude<RestrictionVerdict, 'unrestricted'>, Refusal>> = {
  address_not_allowed: refusals.keyAddressNotAllowed,
  operation_not_in_scope: refusals.operationNotInScope,
};

/** Why no subscription pays for the call; where its plan lacks the operation, with the plans that have it. */
export function entitlementRefusal(
  verdict: Extract<EntitlementVerdict, string>,
  { operation, offeredIn }: OperationEntry,
  { portalLinks }: GatewayCore,
): [Refusal, RefusalDetails] {
  switch (verdict) {
    case 'not_subscribed':
      return [refusals.notSubscribed, {}];
    case 'not_for_sale':
      return [refusals.notForSale, {}];
    case 'product_not_in_scope':
      return [refusals.productNotInScope, {}];
    case 'operation_not_in_plan': {
      const [product] = offeredIn[0]?.split('/') ?? [];
      const upgrade = product === undefined ? {} : { upgrade_url: portalLinks.plansUrl(product) };
      return [refusals.operationNotInPlan, { members: { operation, plans: offeredIn, ...upgrade } }];
    }
  }
}

/** Why no token, certificate or key says who calls. */
export function identificationRefusal(
  verdict: Extract<IdentificationVerdict, string>,
  { operation }: Exchange,
): [Refusal, RefusalDetails] {
  switch (verdict) {
    case 'conflicting':
    case 'conflicting_callers':
      return [refusals.conflictingCallers, {}];
    case 'keys_unread':
      return [refusals.token.token_key_unknown, {}];
    case 'insufficient_scope': {
      const challenge = `Bearer realm="tollgate", error="insufficient_scope", scope="${operation!.requiredScopes!.join(' ')}"`;
      return [refusals.insufficientScope, { headers: ['www-authenticate', challenge] }];
    }
    case 'token_malformed':
    case 'token_algorithm':
    case 'token_key_unknown':
    case 'token_signature':
    case 'token_claims':
    case 'token_expired':
    case 'token_application_missing':
    case 'token_unmapped':
      return [refusals.token[verdict], {}];
    case 'certificate_missing':
    case 'certificate_for_other_host':
    case 'certificate_authority_unclear':
    case 'certificate_unmapped':
    case 'certificate_ambiguous':
      return [refusals.certificate[verdict], {}];
    case 'missing':
      return [refusals.credentialsMissing, {}];
    default:
      return [authenticationRefusals[verdict], operation!.version.keyPlaces.refusalDetails];
  }
}

/** Another proxy cannot pass the call on as it must be. */
export function decisionRefusal(
  verdict: Exclude<DecisionVerdict, 'decidable'>,
  exchange: Exchange,
): [Refusal, RefusalDetails] {
  switch (verdict) {
    case 'not_decidable':
      return [refusals.notDecidable, { members: { policies: policiesBeyondDecision(exchange) } }];
    case 'path_not_canonical':
      return [refusals.pathNotCanonical, {}];
    case 'key_in_query':
      return [refusals.keyInQuery, {}];
    case 'no_room':
      return [refusals.tooManyOpenDecisions, {}];
  }
}

/** A short window is full, or cannot be asked. */
export function rateRefusal(
  verdict: Exclude<RateVerdict, 'within' | 'unknown'>,
  exchange: Exchange,
  gateway: GatewayCore,
): [Refusal, RefusalDetails] {
  switch (verdict) {
    case 'full': {
      const { names, retryAfterSeconds } = violationOf(exchange, gateway.clock.nowMs());
      const members = { 'violated-policies': names };
      return [refusals.rateLimitExceeded, { members, headers: ['retry-after', String(retryAfterSeconds)] }];
    }
    case 'unavailable':
      return [refusals.rateLimitUnavailable, {}];
  }
}

/** A quota or a spending cap has no units left for the call. */
export function quotaRefusal(
  verdict: Exclude<QuotaVerdict, 'reserved'>,
  { account, operation, reservedQuotas }: Exchange,
  gateway: GatewayCore,
): [Refusal, RefusalDetails] {
  const { reservations, periodEndMs } = account!.terms!;
  const { kind, name } = reservations[reservedQuotas]!;
  const members = { 'violated-policies': [name] };
  switch (verdict) {
    case 'exceeded': {
      if (kind === 'money_cap') return moneyCapRefusal(account!.terms!, gateway.portalLinks);
      const product = operation!.version.products.find(({ id }) => id === account!.productId)!;
      const upgrade = { upgrade_url: gateway.portalLinks.plansUrl(product.slug) };
      const seconds = Math.max(1, Math.ceil((periodEndMs - gateway.clock.nowMs()) / 1000));
      return [
        refusals.quotaExceeded,
        { members: { ...members, ...upgrade }, headers: ['retry-after', String(seconds)] },
      ];
    }
    case 'lent_elsewhere':
      return [refusals.quotaReserved, { members }];
    case 'unavailable':
      return [refusals.quotaUnavailable, {}];
  }
}
