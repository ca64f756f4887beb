import { STATUS_CODES } from 'node:http';

/** An answer of the gateway's own instead of the upstream's. */
export interface Refusal {
  readonly status: number;
  /** Stable and public. */
  readonly code: string;
  /** What went wrong and what to do, for people. */
  readonly detail: string;
  /** For metrics and logs: tells apart what the public wording does not. */
  readonly reason: string;
  /** Fields that belong to this refusal, as name, value, name, value. */
  readonly headers: readonly string[];
}

export interface ProblemMembers {
  readonly [member: string]: unknown;
}

/** The document of a refusal, as RFC 9457 wants it. */
export function problemDocument(refusal: Refusal, requestId: string, members: ProblemMembers = {}): string {
  return JSON.stringify({
    type: `urn:tollgate:problem:${refusal.code}`,
    title: STATUS_CODES[refusal.status],
    status: refusal.status,
    detail: refusal.detail,
    code: refusal.code,
    requestId,
    ...members,
  });
}

function refusal(status: number, code: string, detail: string, extra: Partial<Refusal> = {}): Refusal {
  return { status, code, detail, reason: code, headers: [], ...extra };
}

/** One wording for every key that does not open, so that nothing is learnt from trying. */
function keyRefusal(reason: string): Refusal {
  return refusal(401, 'invalid_api_key', 'This needs a valid API key: send it in the header x-api-key.', {
    reason,
    headers: ['www-authenticate', 'Bearer realm="tollgate"'],
  });
}

/** One wording for every token that does not open. */
function tokenRefusal(reason: string): Refusal {
  return refusal(401, 'invalid_token', 'The access token is not valid here. Get a new one from its issuer.', {
    reason,
    headers: ['www-authenticate', 'Bearer realm="tollgate", error="invalid_token"'],
  });
}

function certificateRefusal(reason: string): Refusal {
  return refusal(401, 'invalid_certificate', 'This needs a client certificate that stands for an application.', {
    reason,
    headers: ['www-authenticate', 'Bearer realm="tollgate"'],
  });
}

const trialEnded =
  'The trial of the subscription has ended, and no card is saved. Its keys are kept: save one at action_url, then go on.';

const soon = ['retry-after', '1'];

/** Everything that the gateway refuses with, in the order of the pipeline. */
export const refusals = {
  journalUnavailable: refusal(503, 'journal_unavailable', 'Calls cannot be recorded at the moment. Try again soon.', {
    headers: soon,
  }),
  unsupportedVersion: refusal(505, 'unsupported_http_version', 'Use HTTP/1.1.'),
  hostMissing: refusal(400, 'malformed_request', 'A request needs a Host header.', { reason: 'host_missing' }),
  hostRepeated: refusal(400, 'malformed_request', 'A request has one Host header.', { reason: 'host_repeated' }),
  unsupportedTransferEncoding: refusal(400, 'malformed_request', 'The only transfer coding supported is "chunked".', {
    reason: 'unsupported_transfer_encoding',
  }),
  authorityDiffers: refusal(400, 'malformed_request', 'Host names another host than :authority.', {
    reason: 'authority_differs',
  }),
  unsupportedScheme: refusal(400, 'malformed_request', 'The :scheme is http or https.', {
    reason: 'unsupported_scheme',
  }),
  fieldsTooLarge: refusal(431, 'headers_too_large', 'Header fields may have at most 32 KiB.'),
  tooManyFields: refusal(431, 'headers_too_large', 'A request may have at most 256 header fields.', {
    reason: 'too_many_fields',
  }),
  unknownExpectation: refusal(417, 'expectation_failed', 'The only expectation supported is "100-continue".'),
  addressTooLong: refusal(414, 'address_too_long', 'Paths with queries may have at most 8192 characters.'),
  webSocketKeyMalformed: refusal(400, 'malformed_request', 'Sec-WebSocket-Key is 16 bytes in base64 (RFC 6455).', {
    reason: 'websocket_key_malformed',
  }),
  webSocketUntranslatable: refusal(400, 'malformed_request', 'This operation takes no WebSocket: call it without.', {
    reason: 'websocket_untranslatable',
  }),
  malformedTarget: refusal(400, 'malformed_request', 'The address is not a path with an optional query.', {
    reason: 'malformed_target',
  }),
  malformedPath: refusal(
    400,
    'malformed_request',
    'The path is not percent-encoded UTF-8 without control characters.',
    {
      reason: 'malformed_path',
    },
  ),
  routeNotFound: refusal(
    404,
    'route_not_found',
    'No API has an operation at this path. Check the path in its documentation.',
  ),
  versionMissing: refusal(
    400,
    'api_version_missing',
    'Versions of this API are told apart by a header, and the call has none. "header" names it, "versions" what it can say.',
  ),
  versionUnknown: refusal(
    400,
    'api_version_unknown',
    'There is no such version of this API. "header" names the header that says which, "versions" what it can say.',
  ),
  noSubset: refusal(
    404,
    'route_not_found',
    'This API is for other callers, or for calls with other header fields. Ask its publisher.',
    { reason: 'no_rule_of_traffic' },
  ),
  methodNotAllowed: refusal(
    405,
    'method_not_allowed',
    'This path has no such method. The Allow header names those that it has.',
  ),
  httpsRequired: refusal(426, 'https_required', 'This API is for HTTPS only. Call the same address with https://.', {
    headers: ['upgrade', 'TLS/1.2, HTTP/1.1', 'connection', 'upgrade'],
  }),
  httpsRedirect: refusal(308, 'https_required', 'This API is for HTTPS only: it is at the address in Location.', {
    reason: 'https_redirect',
  }),
  conflictingKeys: refusal(400, 'conflicting_keys', 'The request carries different API keys. Send one.'),
  keyMissing: keyRefusal('key_missing'),
  keyMalformed: keyRefusal('key_malformed'),
  keyUnknown: keyRefusal('key_unknown'),
  keyWrong: keyRefusal('key_wrong'),
  keyPepperMissing: keyRefusal('key_pepper_missing'),
  keyExpired: keyRefusal('key_expired'),
  keyRevoked: keyRefusal('key_revoked'),
  addressNotAllowed: refusal(
    403,
    'address_not_allowed',
    'Calls from this network address are not allowed. Ask the owner of the API.',
  ),
  credentialsMissing: refusal(
    401,
    'credentials_missing',
    'This needs an access token, a client certificate or a key.',
    {
      headers: ['www-authenticate', 'Bearer realm="tollgate"'],
    },
  ),
  conflictingCallers: refusal(
    400,
    'conflicting_credentials',
    'What the request shows stands for different callers. Send what stands for one.',
  ),
  token: {
    token_malformed: tokenRefusal('token_malformed'),
    token_algorithm: tokenRefusal('token_algorithm'),
    token_key_unknown: tokenRefusal('token_key_unknown'),
    token_signature: tokenRefusal('token_signature'),
    token_claims: tokenRefusal('token_claims'),
    token_expired: tokenRefusal('token_expired'),
    token_application_missing: tokenRefusal('token_application_missing'),
    token_unmapped: tokenRefusal('token_unmapped'),
  },
  certificate: {
    certificate_missing: certificateRefusal('certificate_missing'),
    certificate_for_other_host: certificateRefusal('certificate_for_other_host'),
    certificate_authority_unclear: certificateRefusal('certificate_authority_unclear'),
    certificate_unmapped: certificateRefusal('certificate_unmapped'),
    certificate_ambiguous: certificateRefusal('certificate_ambiguous'),
  },
  insufficientScope: refusal(403, 'insufficient_scope', 'The access token lacks a scope that this operation needs.'),
  issuerUnavailable: refusal(
    503,
    'issuer_unavailable',
    'Access tokens cannot be checked at the moment. Try again soon.',
    {
      headers: soon,
    },
  ),
  applicationSuspended: refusal(
    403,
    'application_suspended',
    'The application or its organization is suspended by the operator of this portal. Its keys are kept: ask there.',
  ),
  originMissing: refusal(403, 'origin_not_allowed', 'This API takes calls only from pages of named origins.', {
    reason: 'origin_missing',
  }),
  originNotAllowed: refusal(403, 'origin_not_allowed', 'This API takes no calls from pages of this origin.'),
  keyAddressNotAllowed: refusal(403, 'address_not_allowed', 'This key does not work from your network address.', {
    reason: 'key_address_not_allowed',
  }),
  operationNotInScope: refusal(403, 'operation_not_in_scope', 'This key does not work for this operation.'),
  productNotInScope: refusal(403, 'product_not_in_scope', 'This key does not work for a product with this API.'),
  notSubscribed: refusal(
    403,
    'not_subscribed',
    'The application is not subscribed to a product with this API. Choose a plan in the portal.',
  ),
  notForSale: refusal(403, 'not_subscribed', 'This API is in no product yet.', { reason: 'not_for_sale' }),
  operationNotInPlan: refusal(
    403,
    'operation_not_in_plan',
    'The plan of the subscription does not have this operation: "plans" names those that have it.',
  ),
  bodyTooLarge: refusal(413, 'body_too_large', 'The body is larger than this API takes. The call is not billed.'),
  requestInvalid: refusal(
    400,
    'request_invalid',
    'The request does not fit the documentation of the API: "violations" says where.',
  ),
  contentCodingUnsupported: refusal(
    415,
    'content_coding_unsupported',
    'This API checks bodies against its documentation, and reads them without a Content-Encoding only. Send the body as it is.',
    { headers: ['accept-encoding', 'identity'] },
  ),
  malformedContent: refusal(
    400,
    'malformed_body',
    'The body is not the JSON that its content type says, or is nested more than 500 levels deep.',
  ),
  requestUntranslatable: refusal(
    400,
    'request_invalid',
    'The request does not fit what the API takes: "violations" says where.',
    { reason: 'request_untranslatable' },
  ),
  subscriptionSuspended: refusal(
    403,
    'subscription_suspended',
    'The subscription is suspended by the operator of this portal. Its keys are kept: ask there.',
  ),
  suspendedByPublisher: refusal(
    403,
    'subscription_suspended',
    'The subscription is suspended by the publisher of this API. Its keys are kept: ask there.',
  ),
  trialEnded: refusal(402, 'payment_required', trialEnded, { reason: 'trial_ended' }),
  trialEndedForbidden: refusal(403, 'payment_required', trialEnded, { reason: 'trial_ended' }),
  paymentRequired: refusal(
    402,
    'payment_required',
    'The subscription is suspended until it is paid for. Its keys are kept: see action_url.',
  ),
  paymentForbidden: refusal(
    403,
    'payment_required',
    'The subscription is suspended until it is paid for. Its keys are kept: see action_url.',
  ),
  moneyCapReached: refusal(
    402,
    'money_cap_reached',
    'The usage of this period costs as much as the owner of the subscription allows. Raise the cap: see action_url.',
  ),
  moneyCapForbidden: refusal(
    403,
    'money_cap_reached',
    'The usage of this period costs as much as the owner of the subscription allows. Raise the cap: see action_url.',
  ),
  testQuotaExceeded: refusal(
    429,
    'test_quota_exceeded',
    'The calls with test keys of today are used. Wait until midnight UTC, or use a live key.',
  ),
  tooManyUnderWay: refusal(
    429,
    'concurrency_limit_exceeded',
    'As many calls are under way as the plan allows. Wait for one to end.',
    { headers: soon },
  ),
  rateLimitExceeded: refusal(
    429,
    'rate_limit_exceeded',
    'Too many calls in a short time. Wait as long as Retry-After says.',
  ),
  rateLimitUnavailable: refusal(
    503,
    'rate_limit_unavailable',
    'The rate limit cannot be checked at the moment. Try again soon.',
    { headers: soon },
  ),
  quotaExceeded: refusal(
    429,
    'quota_exceeded',
    'The quota of this period is used. Wait for the next period, or choose a larger plan.',
  ),
  quotaReserved: refusal(
    429,
    'quota_reserved',
    'What is left of the quota is reserved by calls under way. Try again in a second.',
    {
      headers: soon,
    },
  ),
  quotaUnavailable: refusal(503, 'quota_unavailable', 'The quota cannot be checked at the moment. Try again soon.', {
    headers: soon,
  }),
  apiUnavailable: refusal(
    503,
    'api_unavailable',
    'The API cannot be reached because of its configuration. Its publisher is told.',
    {
      headers: soon,
    },
  ),
  tooManyOpenDecisions: refusal(503, 'journal_unavailable', 'Calls cannot be recorded at the moment. Try again soon.', {
    reason: 'too_many_open_decisions',
    headers: soon,
  }),
  notDecidable: refusal(
    501,
    'not_decidable',
    'This operation is set up for the gateway of the API: calls that come by another proxy are not served. Ask its publisher.',
  ),
  pathNotCanonical: refusal(
    400,
    'malformed_request',
    'Write the path in its one form: without dot segments, and with percent-encoding in upper case where it is needed.',
    { reason: 'path_not_canonical' },
  ),
  keyInQuery: refusal(
    400,
    'malformed_request',
    'Here an API key is taken from a header field only, not from the query.',
    {
      reason: 'key_in_query',
    },
  ),
  idempotencyKeyMissing: refusal(400, 'idempotency_key_missing', 'This operation needs the field Idempotency-Key.'),
  idempotencyKeyMalformed: refusal(
    400,
    'idempotency_key_malformed',
    'Idempotency-Key is one text of 1 to 255 printable ASCII characters.',
  ),
  idempotencyKeyInFlight: refusal(
    409,
    'idempotency_key_in_flight',
    'The call with this Idempotency-Key is still under way. Try again in a second.',
    { headers: soon },
  ),
  idempotencyKeyReused: refusal(
    422,
    'idempotency_key_reused',
    'This Idempotency-Key was used for another call. Use a new key for each.',
  ),
  idempotentAnswerNotKept: refusal(
    409,
    'idempotent_answer_not_kept',
    'The call with this Idempotency-Key was made, and its answer was too long to be given again.',
  ),
  notCached: refusal(
    504,
    'not_cached',
    'Only an answer from the cache was wanted (Cache-Control: only-if-cached), and there is none.',
  ),
  internalError: refusal(500, 'internal_error', 'Something failed on our side. Report it with the request id.'),
  circuitOpen: refusal(
    503,
    'circuit_open',
    'The API fails or is overloaded, and is given a rest. The call is not billed.',
  ),
  mockNotDescribed: refusal(
    404,
    'mock_not_described',
    'The documentation has no such answer for this operation. Prefer another code or example.',
  ),
  mockNotAcceptable: refusal(406, 'mock_not_acceptable', 'The documentation has no answer of a type that is accepted.'),
  upstreamRefused: refusal(502, 'upstream_refused', 'The API could not be reached. The call is not billed.'),
  webSocketUnavailable: refusal(
    502,
    'websocket_unavailable',
    'The API takes no WebSocket: it speaks HTTP/2 only, and no extended CONNECT (RFC 8441). The call is not billed.',
  ),
  upstreamBroke: refusal(502, 'upstream_broke', 'The API did not give a complete answer. The call is not billed.'),
  responseTooLarge: refusal(502, 'response_too_large', 'The answer of the API is too large. The call is not billed.'),
  upstreamTimeout: refusal(504, 'upstream_timeout', 'The API did not answer in time. The call is not billed.'),
} as const satisfies Record<string, Refusal | Readonly<Record<string, Refusal>>>;
