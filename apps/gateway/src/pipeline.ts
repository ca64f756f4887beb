import type { QuotaVerdict } from '#limits';
import type { Violation } from '#openapi';
import type { Exchange } from './exchange.js';
import type { GatewayCore } from './gateway-core.js';
import { clientAddress } from './peer/client-address.js';
import { type Decision, checkDecidable } from './decision/decision.js';
import { admitOrigin } from './policies/admit-origin.js';
import { accountOf, accountOfRefused, testAccountOf } from './policies/account-of.js';
import { authenticate } from './policies/authenticate.js';
import { type CorsRules, answerPreflight, corsOf, isPreflight } from './policies/cors.js';
import { checkSuspension } from './policies/check-suspension.js';
import { entitle, productForTest } from './policies/entitle.js';
import { checkDeclaredSize } from './policies/limit-size.js';
import { type RateVerdict, giveBackRate, takeRate, waitForRate, windowsOf } from './policies/limit-rate.js';
import { MockReply } from './mock/mock-reply.js';
import { changedBodyBound, contentBound, readContent } from './policies/read-content.js';
import { type RequestChecks, isUnreadable, parameterViolations, violationsOf } from './policies/validate-request.js';
import { destinationOf } from './routing/destination.js';
import { endReservations, reserveQuotas } from './policies/reserve-quota.js';
import { checkRestrictions } from './policies/restrict-key.js';
import { type Identification, type IdentificationVerdict, identify } from './policies/identify.js';
import { requireTls } from './policies/require-tls.js';
import { secondsToMidnight } from './policies/test-quota.js';
import { useCache } from './policies/use-cache.js';
import { Forward } from './proxy/forward.js';
import { closesConnection } from './proxy/response-headers.js';
import { chooseSubset } from './proxy/subsets/choose-subset.js';
import { WEBSOCKET_KEY, isWebSocketKey } from './proxy/http2/extended-connect.js';
import { guarded, refuse } from './refuse.js';
import { beginReplay } from './replay/begin-replay.js';
import { suspensionRefusal } from './responses/money-refusal.js';
import { type Refusal, refusals } from './responses/refusal.js';
import type { RefusalDetails } from './responses/write-refusal.js';
import {
  authenticationRefusals,
  decisionRefusal,
  entitlementRefusal,
  framingRefusals,
  identificationRefusal,
  originRefusals,
  quotaRefusal,
  rateRefusal,
  replayRefusals,
  restrictionRefusals,
  routingRefusals,
  transportRefusal,
  versionRefusal,
} from './responses/verdict-refusals.js';
import { ServeStored } from './stored/serve-stored.js';
import { route } from './routing/route.js';
import { translateRequest } from './translation/translate-request.js';
import type { CredentialEntry } from './snapshot/credential-store.js';
import type { ApplicationEntry } from './snapshot/snapshot.js';

/**
 * The way of a request through the gateway. Every step is a plain function over what is in memory; only a quota of which
 * no units are in hand makes a request wait. What a later step refuses, the earlier ones give back.
 */
export function receive(gateway: GatewayCore, exchange: Exchange): void {
  const { request, head } = exchange;
  if (gateway.journal.state !== 'writing') return refuse(gateway, exchange, refusals.journalUnavailable);

  const framing = head.checkFraming(request.httpVersionMajor, request.httpVersionMinor);
  if (framing !== 'sound') return refuse(gateway, exchange, framingRefusals[framing]);

  const routing = route(exchange, gateway.snapshot.catalog.routes);
  if (typeof routing === 'string') {
    // Who sends what is no address may mean something else by what follows as well.
    if (routing === 'malformed_target' || routing === 'malformed_path') exchange.isLast = true;
    return refuse(gateway, exchange, routingRefusals[routing]);
  }
  const operation = routing.operations.get(request.method!);
  exchange.cors =
    operation === undefined || request.method === 'OPTIONS' ? corsOf(routing.operations) : operation.version.cors;
  if (exchange.cors !== null && isPreflight(exchange))
    return preflight(gateway, exchange, exchange.cors, routing.allow);
  if (operation === undefined) {
    if (routing.versions !== null) return refuse(gateway, exchange, ...versionRefusal(routing.versions));
    return refuse(gateway, exchange, refusals.methodNotAllowed, { headers: ['allow', routing.allow] });
  }
  exchange.operation = operation;

  if (operation.version.transport !== null) {
    const transport = requireTls(operation.version.transport, exchange);
    if (transport !== 'secure') return refuse(gateway, exchange, ...transportRefusal(transport));
  }

  if (operation.version.identification !== null) {
    return identifyCaller(gateway, exchange, operation.version.identification);
  }
  const credential = authenticate(exchange, gateway.snapshot, gateway.peppers);
  if (typeof credential === 'string') {
    return refuse(gateway, exchange, authenticationRefusals[credential], operation.version.keyPlaces.refusalDetails);
  }
  authorize(gateway, exchange, credential);
}

/**
 * Where tokens or certificates count: waits, once, for the keys of an issuer when the token's is not among them. A key may also
 * be another one under the same name, or have no name.
 */
function identifyCaller(gateway: GatewayCore, exchange: Exchange, identification: Identification): void {
  const verdict = identify(gateway, exchange, identification);
  if (verdict === 'keys_unread' || verdict === 'token_signature') {
    const onKeySetRead = (): void => {
      const second = identify(gateway, exchange, identification);
      endIdentification(gateway, exchange, identification, second);
    };
    const keys = gateway.keySets.of(identification.jwt!.policy);
    if (keys.refresh({ onKeySetRead: () => guarded(gateway, exchange, onKeySetRead) })) return;
  }
  endIdentification(gateway, exchange, identification, verdict);
}

function endIdentification(
  gateway: GatewayCore,
  exchange: Exchange,
  { jwt }: Identification,
  verdict: IdentificationVerdict,
): void {
  if (typeof verdict !== 'string') return authorize(gateway, exchange, verdict);
  if (verdict === 'keys_unread' && gateway.keySets.of(jwt!.policy).version === 0)
    return refuse(gateway, exchange, refusals.issuerUnavailable);
  refuse(gateway, exchange, ...identificationRefusal(verdict, exchange));
}

/** Who calls is known: may it call this, and as what? */
function authorize(gateway: GatewayCore, exchange: Exchange, credential: CredentialEntry): void {
  const { head } = exchange;
  const operation = exchange.operation!;
  exchange.caller = credential;
  const { addresses } = operation.version;
  if (addresses !== null && !addresses.permits(clientAddress(exchange))) {
    return refuseCaller(gateway, exchange, credential, refusals.addressNotAllowed);
  }

  const application = gateway.snapshot.applications.get(credential.applicationId);
  if (!application || application.isSuspended) {
    return refuseCaller(gateway, exchange, credential, refusals.applicationSuspended);
  }

  if (operation.version.origins !== null) {
    const origin = admitOrigin(operation.version.origins, head);
    if (origin !== 'allowed') return refuseCaller(gateway, exchange, credential, originRefusals[origin]);
  }

  const { restrictions } = credential;
  if (restrictions !== null) {
    const restriction = checkRestrictions(restrictions, clientAddress(exchange), operation);
    if (restriction !== 'unrestricted')
      return refuseCaller(gateway, exchange, credential, restrictionRefusals[restriction]);
  }

  const destination = destinationOf(operation.version, credential.mode);
  if (destination === 'nowhere') return refuseCaller(gateway, exchange, credential, refusals.apiUnavailable);
  exchange.upstream = destination === 'mock' ? null : destination;
  if (exchange.upgrade !== null && exchange.upstream?.protocol === 'h2' && !isWebSocketKey(head.valueOf(WEBSOCKET_KEY)))
    return refuseCaller(gateway, exchange, credential, refusals.webSocketKeyMalformed);
  if (exchange.upgrade !== null && exchange.upstream !== null && operation.translation !== null)
    return refuseCaller(gateway, exchange, credential, refusals.webSocketUntranslatable);

  if (credential.mode === 'test') return receiveTest(gateway, exchange, application, credential);
  receiveLive(gateway, exchange, application, credential);
}

function receiveLive(
  gateway: GatewayCore,
  exchange: Exchange,
  application: ApplicationEntry,
  credential: CredentialEntry,
): void {
  const operation = exchange.operation!;
  const { planVersions } = gateway.snapshot.catalog;
  const { restrictions } = credential;
  const terms = entitle(application, operation, planVersions, gateway.terms, exchange.admittedMs, restrictions);
  if (typeof terms === 'string')
    return refuseCaller(gateway, exchange, credential, ...entitlementRefusal(terms, operation, gateway));
  exchange.account = accountOf(application, credential, operation, terms);

  const suspendedFor = checkSuspension(terms);
  exchange.windows = windowsOf(terms, exchange);
  if (suspendedFor !== null) {
    return refuse(gateway, exchange, ...suspensionRefusal(suspendedFor, terms, gateway.portalLinks));
  }
  readContentThenCount(gateway, exchange);
}

/** A test key needs no subscription: it has the product's test quota and is never billed. */
function receiveTest(
  gateway: GatewayCore,
  exchange: Exchange,
  application: ApplicationEntry,
  credential: CredentialEntry,
): void {
  const operation = exchange.operation!;
  const product = productForTest(application, operation.version, credential.restrictions);
  if (typeof product === 'string')
    return refuseCaller(gateway, exchange, credential, ...entitlementRefusal(product, operation, gateway));
  exchange.account = testAccountOf(application, credential, operation, product);
  exchange.windows = [gateway.testQuotas.windowOf(application.id, product.id, product.testQuota)];
  readContentThenCount(gateway, exchange);
}

/** Refuses a caller that is known before it is known what would pay: it is told its limits all the same. */
function refuseCaller(
  gateway: GatewayCore,
  exchange: Exchange,
  credential: CredentialEntry,
  refusal: Refusal,
  details?: RefusalDetails,
): void {
  const account = accountOfRefused(gateway, exchange, credential);
  exchange.account = account;
  if (account !== null && account.terms !== null) exchange.windows = windowsOf(account.terms, exchange);
  refuse(gateway, exchange, refusal, details);
}

/** Bounds the body, and waits for it where a policy needs it, before anything is counted. */
function readContentThenCount(gateway: GatewayCore, exchange: Exchange): void {
  const { upstream } = exchange;
  if (upstream !== null && upstream.traffic !== null) {
    const subset = chooseSubset(exchange, upstream.traffic);
    if (subset === null) return refuse(gateway, exchange, refusals.noSubset);
    exchange.upstream = subset;
  }
  if (checkDeclaredSize(exchange) !== 'within') return refuse(gateway, exchange, refusals.bodyTooLarge);
  if (exchange.decision !== null) return decideThenCount(gateway, exchange, exchange.decision);
  const { checks } = exchange.operation!.version;
  if (checks !== null && isUnreadable(checks, exchange))
    return refuse(gateway, exchange, refusals.contentCodingUnsupported);
  const bound = contentBound(exchange, exchange.operation!);
  if (bound === null) return checkThenCount(gateway, exchange);
  if (exchange.head.contentLength > bound) return refuse(gateway, exchange, refusals.bodyTooLarge);
  readContent(exchange, bound, {
    onContent: (verdict) => {
      switch (verdict) {
        case 'read':
          return guarded(gateway, exchange, () => checkThenCount(gateway, exchange));
        case 'too_large':
          return refuse(gateway, exchange, refusals.bodyTooLarge);
        case 'client_gone':
          return gateway.watermark.leave(exchange);
      }
    },
  });
}

/** Of a call that another proxy passes on there is neither the body nor the answer: what needs one of them is refused, not left out. */
function decideThenCount(gateway: GatewayCore, exchange: Exchange, decision: Decision): void {
  const verdict = checkDecidable(exchange, decision);
  if (verdict !== 'decidable') return refuse(gateway, exchange, ...decisionRefusal(verdict, exchange));
  const { checks } = exchange.operation!.version;
  const ofParameters = checks === null ? null : parameterViolations(checks, exchange);
  if (ofParameters !== null && areRefused(gateway, exchange, checks!, ofParameters))
    return refuse(gateway, exchange, refusals.requestInvalid, { members: { violations: ofParameters } });
  take(gateway, exchange);
}

/** Gives the answer of before to a call that was made before with its Idempotency-Key. */
function replayThenCount(gateway: GatewayCore, exchange: Exchange): void {
  const { idempotency } = exchange.operation!;
  if (idempotency === null || exchange.upstream === null) return count(gateway, exchange);
  beginReplay(gateway, exchange, idempotency, {
    onReplay: (outcome) => {
      if (outcome === 'pass') return count(gateway, exchange);
      if (outcome === 'client_gone') return gateway.watermark.leave(exchange);
      if (typeof outcome === 'string') return refuse(gateway, exchange, replayRefusals[outcome]);
      const bytesIn = exchange.content?.receivedBytes ?? 0;
      new ServeStored(gateway, exchange, outcome, 'replayed', { 'idempotency-replayed': 'true' }, bytesIn).start();
    },
  });
}

/** Holds the request, whose body is there when it is needed, against the version's document, transformations and translation. */
function checkThenCount(gateway: GatewayCore, exchange: Exchange): void {
  const { checks } = exchange.operation!.version;
  const violations = checks === null ? null : violationsOf(checks, exchange);
  if (violations !== null && areRefused(gateway, exchange, checks!, violations))
    return refuse(gateway, exchange, refusals.requestInvalid, { members: { violations } });
  if (exchange.content !== null && exchange.content.json === undefined) {
    if (changedBodyBound(exchange, exchange.operation!) !== null)
      return refuse(gateway, exchange, refusals.malformedContent);
  }
  const { translation } = exchange.operation!;
  if (translation !== null && exchange.upstream !== null) {
    const faults = translateRequest(exchange, translation);
    if (faults.length > 0)
      return refuse(gateway, exchange, refusals.requestUntranslatable, { members: { violations: faults } });
  }
  replayThenCount(gateway, exchange);
}

/** True for violations that a request is refused for; those that are only to be reported are told of. */
function areRefused(
  gateway: GatewayCore,
  { requestId, operation }: Exchange,
  { policy }: RequestChecks,
  violations: readonly Violation[],
): boolean {
  if (violations.length === 0) return false;
  if (policy.mode === 'enforce') return true;
  gateway.metrics.countReportedViolation();
  gateway.log.debug({ requestId, operation: operation!.operation, violations }, 'a request does not fit its document');
  return false;
}

/** Sees what the cache has: what another request is fetching already is waited for. */
function count(gateway: GatewayCore, exchange: Exchange): void {
  if (exchange.upstream === null || exchange.operation!.version.policies.cache === undefined) {
    return take(gateway, exchange);
  }
  const verdict = useCache(gateway, exchange, {
    onAnswerFetched: () => guarded(gateway, exchange, () => takeAfterWait(gateway, exchange)),
  });
  if (verdict === 'not_cached') return refuse(gateway, exchange, refusals.notCached);
  if (verdict === 'passed') take(gateway, exchange);
}

function takeAfterWait(gateway: GatewayCore, exchange: Exchange): void {
  if (!exchange.isClientGone) return take(gateway, exchange);
  exchange.tap?.onIncomplete();
  gateway.watermark.leave(exchange);
}

/** Takes what the request costs: a call of a test key's day, or of the plan's windows and quotas. */
function take(gateway: GatewayCore, exchange: Exchange): void {
  const isTest = exchange.account!.testProduct !== null;
  if (!isTest && !gateway.concurrency.tryEnter(exchange, gateway.runningGateways)) {
    const members = { 'violated-policies': ['concurrency'] };
    return refuse(gateway, exchange, refusals.tooManyUnderWay, { members });
  }
  const nowMs = gateway.clock.nowMs();
  // Of a test key's day nothing comes back, so that whoever goes on after its end costs the store nothing.
  if (isTest && exchange.windows[0]!.remaining(nowMs) === 0) return passRate(gateway, exchange, 'full');
  const rate = takeRate(exchange, nowMs);
  if (rate !== 'unknown') return passRate(gateway, exchange, rate);
  waitForRate(exchange, {
    onRateVerdict: (verdict) => guarded(gateway, exchange, () => passRate(gateway, exchange, verdict)),
  });
}

function passRate(gateway: GatewayCore, exchange: Exchange, rate: Exclude<RateVerdict, 'unknown'>): void {
  const isTest = exchange.account!.testProduct !== null;
  if (rate === 'within') return isTest ? admit(gateway, exchange) : reserve(gateway, exchange);
  if (!isTest) return refuse(gateway, exchange, ...rateRefusal(rate, exchange, gateway));
  const headers = ['retry-after', String(secondsToMidnight(gateway.clock.nowMs()))];
  refuse(gateway, exchange, refusals.testQuotaExceeded, { headers });
}

/** Reserves quota units, waiting for a block of them where none is in hand, and then admits the request. */
function reserve(gateway: GatewayCore, exchange: Exchange): void {
  const verdict = reserveQuotas(exchange, {
    onQuotaVerdict: (later) => guarded(gateway, exchange, () => passQuota(gateway, exchange, later)),
  });
  if (verdict === 'reserved') admit(gateway, exchange);
}

function passQuota(gateway: GatewayCore, exchange: Exchange, verdict: QuotaVerdict): void {
  if (verdict === 'reserved') {
    exchange.reservedQuotas++;
    return reserve(gateway, exchange);
  }
  // What is given back is not known any more: which of the reservations failed is asked before.
  const refusal = quotaRefusal(verdict, exchange, gateway);
  endReservations(exchange, null);
  giveBackRate(exchange);
  refuse(gateway, exchange, ...refusal);
}

/** Every decision has passed: from here on there will be exactly one usage event. */
function admit(gateway: GatewayCore, exchange: Exchange): void {
  if (exchange.decision !== null) return exchange.decision.onAdmitted(exchange);
  const hit = exchange.cacheUse?.hit ?? null;
  if (hit !== null) new ServeStored(gateway, exchange, hit.answer, 'cache_hit', hit.headers).start();
  else if (exchange.upstream === null) new MockReply(gateway, exchange).start();
  else new Forward(gateway, exchange).start();
}

/** The question of a browser is answered for whoever asks; it is no call, and nothing counts it. */
function preflight(gateway: GatewayCore, exchange: Exchange, rules: CorsRules, allow: string): void {
  gateway.watermark.leave(exchange);
  answerPreflight(exchange, rules, allow, closesConnection(gateway, exchange));
}
