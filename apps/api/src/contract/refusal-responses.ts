import { STATUS_CODES } from 'node:http';

/** What the refusals of an operation follow from. */
export interface RefusableOperation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly template: string;
  readonly takesBody: boolean;
  /** Names of header parameters, in lower case. */
  readonly headers: readonly string[];
  readonly hasQuery: boolean;
  readonly needsCaller: boolean;
}

interface Refusal {
  readonly status: number;
  readonly name: string;
  readonly description: string;
  readonly example: { readonly code: string; readonly detail: string; readonly faults?: readonly object[] };
  readonly isPossible: (operation: RefusableOperation) => boolean;
}

const CHANGES: readonly RefusableOperation['method'][] = ['post', 'put', 'patch', 'delete'];

/** By status, what is refused so, with one of the refusals as an example. */
const REFUSALS: readonly Refusal[] = [
  {
    status: 400,
    name: 'BadRequest',
    description: 'The request is not as expected; `faults` say where.',
    example: {
      code: 'invalid_request',
      detail: 'The request is not as expected. body.name: expected a text of 1 to 120 characters',
      faults: [{ path: 'body.name', message: 'expected a text of 1 to 120 characters' }],
    },
    isPossible: ({ takesBody, hasQuery, headers }) => takesBody || hasQuery || headers.length > 0,
  },
  {
    status: 401,
    name: 'Unauthenticated',
    description: 'Nobody is signed in, or the token does not work.',
    example: { code: 'sign_in_required', detail: 'Sign in first: this is not public.' },
    isPossible: ({ needsCaller }) => needsCaller,
  },
  {
    status: 403,
    name: 'Forbidden',
    description: 'The role or the scope does not allow it, or the request comes from another site’s page.',
    example: {
      code: 'forbidden',
      detail: 'Your role "billing" does not allow this. Ask somebody who is one of these: owner, admin, developer.',
    },
    isPossible: ({ needsCaller, method }) => needsCaller || CHANGES.includes(method),
  },
  {
    status: 404,
    name: 'NotFound',
    description: 'There is no such thing, or it is somebody else’s: the two are not told apart.',
    example: { code: 'application_not_found', detail: 'There is no such application.' },
    isPossible: ({ template, takesBody }) => template.includes('{') || takesBody,
  },
  {
    status: 409,
    name: 'Conflict',
    description: 'It cannot be done in the present state.',
    example: { code: 'too_many_tokens', detail: 'You have 50 tokens that work. Revoke one first.' },
    // The link of an export is good for a while.
    isPossible: ({ method, template }) => CHANGES.includes(method) || template.endsWith('/export'),
  },
  {
    status: 412,
    name: 'PreconditionFailed',
    description: 'It has changed since it was read.',
    example: {
      code: 'changed_meanwhile',
      detail:
        'Somebody has changed this since you read it. Read it again, and repeat your change on what is there now.',
    },
    isPossible: ({ headers }) => headers.includes('if-match'),
  },
  {
    status: 422,
    name: 'IdempotencyKeyReused',
    description: 'The Idempotency-Key came with another request before.',
    example: {
      code: 'idempotency_key_reused',
      detail: 'This Idempotency-Key came with another request before. Use a key of its own for each.',
    },
    isPossible: ({ headers }) => headers.includes('idempotency-key'),
  },
  {
    status: 428,
    name: 'PreconditionRequired',
    description: 'The change does not say what it is a change of.',
    example: {
      code: 'if_match_needed',
      detail: 'Send the ETag that came with what you change as If-Match, or * for whatever is there.',
    },
    isPossible: ({ headers }) => headers.includes('if-match'),
  },
  {
    status: 429,
    name: 'TooManyRequests',
    description: 'Too many requests in a short time; `Retry-After` says when the next one is welcome.',
    example: { code: 'too_many_requests', detail: 'Too many tries in a short time. Try again in 12 s.' },
    isPossible: ({ template }) => template.startsWith('/api/'),
  },
];

const PROBLEM_SCHEMA = { $ref: '#/components/schemas/Problem' };
const REQUEST_ID = '01a219b4-05d5-7000-a82f-3ef0b01ff87e';

/** The refusals of all operations as components of an OpenAPI document, each with an example. */
export function refusalComponents() {
  const entries = REFUSALS.map(({ status, name, description, example: { code, detail, faults } }) => {
    const example = {
      type: `urn:tollgate:problem:${code}`,
      title: STATUS_CODES[status]!,
      status,
      detail,
      code,
      requestId: REQUEST_ID,
      ...(faults && { faults }),
    };
    const content = { 'application/problem+json': { schema: PROBLEM_SCHEMA, example } };
    return [name, { description, ...(status === 429 && { headers: RETRY_AFTER }), content }] as const;
  });
  return Object.fromEntries(entries);
}

const RETRY_AFTER = {
  'retry-after': { description: 'Seconds until the next request is welcome.', schema: { type: 'integer' as const } },
};

/** By status, the refusals that an operation can give. */
export function refusalsOf(operation: RefusableOperation): Record<string, { readonly $ref: string }> {
  const possible = REFUSALS.filter(({ isPossible }) => isPossible(operation));
  return Object.fromEntries(possible.map(({ status, name }) => [status, { $ref: `#/components/responses/${name}` }]));
}
