/** Why a call was refused, and what to do about it. */
export interface RefusalWords {
  readonly title: string;
  readonly advice: string;
}

const words: Readonly<Record<string, RefusalWords>> = {
  rate_limit_exceeded: {
    title: 'Too many calls in a short time',
    advice: 'Wait as long as Retry-After says, or take a plan with more calls a minute.',
  },
  quota_exceeded: {
    title: 'The quota of the period is used',
    advice: 'It begins anew with the next period; a larger plan helps at once.',
  },
  quota_reserved: {
    title: 'The rest of the quota was reserved by calls under way',
    advice: 'Try again in a second.',
  },
  concurrency_limit_exceeded: {
    title: 'Too many calls at the same time',
    advice: 'Wait for one to end before the next begins.',
  },
  test_quota_exceeded: {
    title: 'The calls with test keys of the day are used',
    advice: 'They begin anew at midnight UTC; live keys have the plan’s limits.',
  },
  money_cap_reached: {
    title: 'The usage costs as much as the budget allows',
    advice: 'Raise the budget, or wait for the next period.',
  },
  payment_required: {
    title: 'The subscription waits for a payment',
    advice: 'Pay what is open, or save a card; the keys are kept.',
  },
  not_subscribed: {
    title: 'The application has no subscription to this API',
    advice: 'Subscribe it to a plan of a product that has the API.',
  },
  operation_not_in_plan: {
    title: 'The plan does not have this operation',
    advice: 'Take one of the plans that the answer names.',
  },
  operation_not_in_scope: {
    title: 'The key is not for this operation',
    advice: 'Change what the key may call, or use another key.',
  },
  product_not_in_scope: {
    title: 'The key is not for this product',
    advice: 'Change what the key may call, or use another key.',
  },
  address_not_allowed: {
    title: 'Calls from this network address are not allowed',
    advice: 'Call from an allowed address, or change the addresses of the key.',
  },
  origin_not_allowed: {
    title: 'Pages of this origin may not call',
    advice: 'The API names the origins that may; ask its publisher.',
  },
  application_suspended: {
    title: 'The application or its organization is suspended',
    advice: 'The operator of the portal says why.',
  },
  subscription_suspended: {
    title: 'The subscription is suspended',
    advice: 'The publisher or the operator says why.',
  },
  insufficient_scope: {
    title: 'The access token lacks a scope',
    advice: 'Ask its issuer for one with the scopes of the operation.',
  },
  invalid_api_key: {
    title: 'No valid API key',
    advice: 'The key was missing, mistyped, revoked or expired.',
  },
  invalid_token: { title: 'No valid access token', advice: 'Get a new one from its issuer.' },
  invalid_certificate: {
    title: 'No certificate that stands for an application',
    advice: 'Call with a client certificate that was registered.',
  },
  credentials_missing: { title: 'No key, token or certificate', advice: 'Send one with each call.' },
  conflicting_keys: { title: 'Several keys in one call', advice: 'Send one.' },
  request_invalid: {
    title: 'The request does not fit the documentation',
    advice: 'The answer says in “violations” where.',
  },
  content_coding_unsupported: {
    title: 'The body is compressed, and cannot be checked',
    advice: 'Send it without Content-Encoding.',
  },
  malformed_body: { title: 'The body is not the JSON that it says', advice: 'Send what Content-Type says.' },
  body_too_large: { title: 'The body is too large', advice: 'Send less in one call.' },
  https_required: { title: 'The API is for HTTPS only', advice: 'Call the same address with https://.' },
  api_unavailable: {
    title: 'The API has no upstream that can be called',
    advice: 'Its publisher must set one.',
  },
  internal_error: { title: 'Something failed in the gateway', advice: 'Report it with the request id of the answer.' },
};

/** The words of a code; those of a rare one are the code itself. */
export function refusalWords(code: string): RefusalWords {
  const known = words[code];
  if (known) return known;
  const sentence = code.replaceAll('_', ' ');
  return {
    title: sentence.charAt(0).toUpperCase() + sentence.slice(1),
    advice: 'The answer says in “detail” what to do.',
  };
}
