import type { FastifyReply, FastifyRequest } from 'fastify';
import { codeOfStatus } from '../problem/problem-status.js';
import { TooManyRequestsError } from '../problem/request-error.js';
import type { ProblemDocument } from '../problem/problem.schema.js';
import { ACCOUNT_WINDOW_SECONDS } from './account-limit.js';
import { authRefusal } from './auth-refusals.js';
import { CLIENT_ADDRESS_HEADER } from './authentication.js';

const PASSED_ON = ['cookie', 'origin', 'referer', 'user-agent', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest'];

/** A request to better-auth: only the headers it needs, and the caller's address as the server knows it. */
export function clientRequest(
  url: URL,
  { method, ip, headers }: Pick<FastifyRequest, 'method' | 'ip' | 'headers'>,
  body?: unknown,
): Request {
  const passed = new Headers({ [CLIENT_ADDRESS_HEADER]: ip });
  for (const name of PASSED_ON) {
    const value = headers[name];
    if (typeof value === 'string') passed.set(name, value);
  }
  if (body === undefined) return new Request(url, { method, headers: passed });
  passed.set('content-type', 'application/json');
  return new Request(url, { method, headers: passed, body: JSON.stringify(body) });
}

/**
 * Sends better-auth's answer on; what it refuses becomes a problem document.
 * @throws TollgateError for refusals that Tollgate has words of its own for
 */
export async function sendAuthAnswer(response: Response, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  throwIfLimited(response);
  setAuthCookies(response, reply);
  const text = await response.text();
  const refusal = response.status < 400 ? null : authRefusal(parseRefusal(text).code);
  if (refusal) throw refusal;
  void reply.status(response.status).header('cache-control', 'no-store');
  const location = response.headers.get('location');
  if (location) void reply.header('location', location);
  if (response.status < 400) {
    if (text) void reply.header('content-type', 'application/json; charset=utf-8');
    await reply.send(text);
  } else {
    void reply.header('content-type', 'application/problem+json');
    await reply.send(JSON.stringify(toRefusal(response, text, request.id)));
  }
}

/** Sets the cookies that better-auth sets. */
export function setAuthCookies(response: Response, reply: FastifyReply): void {
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) void reply.header('set-cookie', cookies);
}

/** @throws TooManyRequestsError when better-auth's rate limit has refused */
export function throwIfLimited(response: Response): void {
  if (response.status !== 429) return;
  // A second factor that was tried too often says nothing about how long it is locked.
  throw new TooManyRequestsError(Number(response.headers.get('x-retry-after') ?? ACCOUNT_WINDOW_SECONDS));
}

function toRefusal(response: Response, text: string, requestId: string): ProblemDocument {
  const { code, message } = parseRefusal(text);
  const known = code?.toLowerCase() ?? codeOfStatus(response.status);
  return {
    type: `urn:tollgate:problem:${known}`,
    title: response.statusText || 'Refused',
    status: response.status,
    detail: message ?? 'The request was refused.',
    code: known,
    requestId,
  };
}

function parseRefusal(text: string): { readonly code?: string; readonly message?: string } {
  try {
    return JSON.parse(text) as { code?: string; message?: string };
  } catch {
    return {};
  }
}
