import type { IncomingMessage, ServerResponse } from 'node:http';
import { canonicalAddress } from '#domain';
import type { GivenAnswer } from '../decision-messages.js';
import type { DecisionWaiter } from '../decide.js';
import type { DescribedCall } from '../described-call.js';
import { callersFields, soleField } from './check-fields.js';

/** Where nginx asks (`auth_request`), and where it gets the answer to hand on when a call is refused. */
export const NGINX_CHECK = '/nginx/check';
export const NGINX_ANSWER = '/nginx/answer';

const OF_NGINX = new Set([
  'host',
  'x-original-method',
  'x-original-uri',
  'x-original-host',
  'x-original-scheme',
  'x-original-address',
  'x-original-length',
]);
/** nginx sends what its configuration says: the address that we give it, which has no key in its query. */
const abilities = { takesAddress: true, removesParameters: true };

/** The call of which nginx asks; or the name of the field that its configuration does not set, or that is there twice. */
export function readNginxCheck({ rawHeaders }: IncomingMessage): DescribedCall | string {
  const of = (name: string) => soleField(rawHeaders, name);
  const method = of('x-original-method');
  const target = of('x-original-uri');
  const scheme = of('x-original-scheme');
  const clientAddress = canonicalAddress(of('x-original-address') ?? '');
  if (method === null) return 'X-Original-Method';
  if (target === null) return 'X-Original-URI';
  if (scheme !== 'http' && scheme !== 'https') return 'X-Original-Scheme';
  if (clientAddress === null) return 'X-Original-Address';
  const fields = callersFields(rawHeaders, OF_NGINX);
  const host = of('x-original-host');
  if (host !== null) fields.push('host', host);
  const length = of('x-original-length');
  if (length !== null && /^\d{1,15}$/.test(length)) fields.push('content-length', length);
  return { method, target, rawHeaders: fields, clientAddress, scheme, abilities };
}

/**
 * Answers as `auth_request` reads it: 2xx lets the call pass, 403 does not. Nothing of a refusal reaches the caller by itself: the
 * answer that it is to get is in a field, with which nginx asks for it (`error_page`).
 */
export function nginxWaiter(response: ServerResponse): DecisionWaiter {
  return {
    onAllowed({ ticket, upstreamFields, clientFields, address, authorization }) {
      const fields = [...upstreamFields, ...clientFields, 'tollgate-ticket', ticket, 'tollgate-address', address];
      if (authorization !== null) fields.push('tollgate-authorization', authorization);
      response.writeHead(204, fields).end();
    },
    onAnswered(answer) {
      const wrapped = Buffer.from(JSON.stringify(answer)).toString('base64url');
      const fields = ['tollgate-status', String(answer.status), 'tollgate-answer', wrapped, 'content-length', '0'];
      response.writeHead(403, fields).end();
    },
  };
}

/** The answer that `nginxWaiter` has put into a field; a plain 403 when it is none, as nginx has refused for a reason of its own. */
export function readNginxAnswer({ rawHeaders }: IncomingMessage): GivenAnswer {
  const wrapped = soleField(rawHeaders, 'tollgate-answer') ?? '';
  try {
    const answer = JSON.parse(Buffer.from(wrapped, 'base64url').toString('utf8')) as GivenAnswer;
    if (isGivenAnswer(answer)) return answer;
  } catch {
    // Not ours.
  }
  return { status: 403, fields: ['content-type', 'text/plain'], body: 'Forbidden\n' };
}

function isGivenAnswer({ status, fields, body }: GivenAnswer): boolean {
  if (!Number.isInteger(status) || status < 200 || status > 599 || typeof body !== 'string') return false;
  return Array.isArray(fields) && fields.length % 2 === 0 && fields.every((field) => typeof field === 'string');
}
