import type { FastifyReply, FastifyRequest } from 'fastify';
import { authRefusal } from './auth-refusals.js';
import type { Authentication } from './authentication.js';
import { clientRequest, setAuthCookies, throwIfLimited } from './forward.js';

export interface AuthRouteCall {
  /** Below `/api/auth/`. */
  readonly route: string;
  readonly body: unknown;
  /** Whose password is in the body; null when there is none in it. */
  readonly passwordOf: string | null;
}

/**
 * Posts to one of better-auth's routes with the cookies of the caller, sets those that it sets, and returns what it
 * answers.
 * @throws TollgateError for what it refuses
 */
export async function callAuthRoute(
  { authentication, portalUrl }: { readonly authentication: Authentication; readonly portalUrl: string },
  { route, body, passwordOf }: AuthRouteCall,
  { ip, headers }: Pick<FastifyRequest, 'ip' | 'headers'>,
  reply: FastifyReply,
): Promise<unknown> {
  const request = clientRequest(new URL(`/api/auth/${route}`, portalUrl), { method: 'POST', ip, headers }, body);
  const response =
    passwordOf === null ? await authentication.handle(request) : await authentication.tryPassword(request, passwordOf);
  throwIfLimited(response);
  const answer: unknown = await response.json();
  setAuthCookies(response, reply);
  if (response.ok) return answer;
  const { code } = answer as { readonly code?: string };
  throw authRefusal(code) ?? new Error(`better-auth refused ${route} with status ${response.status}: ${code}`);
}
