import { setTimeout as delay } from 'node:timers/promises';
import { NotFoundError } from '#domain';
import { type ServiceContext, completeSignUp, findInvitation, recordPortalTermsOfSignUp } from '#services';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { TooManyRequestsError } from '../problem/request-error.js';
import type { signUpRequest } from '../session/session.schema.js';
import { AFTER_VERIFICATION } from './auth-options.js';
import type { Authentication } from './authentication.js';
import { clientRequest, throwIfLimited } from './forward.js';

/** No answer is faster, so that its time tells little about whether the address is known. */
const ANSWER_TIME_MS = 400;

export interface SignUpParts {
  readonly context: ServiceContext;
  readonly authentication: Authentication;
  readonly portalUrl: string;
  /** The portal's own, which are accepted; null without any. */
  readonly terms: { readonly url: string; readonly version: string } | null;
}

/**
 * Makes a person and an organization of their own, and sends the verification mail; who comes by an invitation gets no
 * organization, and is led back to it by the mail. For a known address nothing is made; who has not verified it yet gets
 * the mail again.
 * @throws TooManyRequestsError; NotFoundError `invitation_not_found` for one that is dead or for another address
 */
export async function signUp(
  { context, authentication, portalUrl, terms }: SignUpParts,
  { name, email, password, organizationName, invitationToken }: z.output<typeof signUpRequest>,
  request: Pick<FastifyRequest, 'ip' | 'headers'>,
): Promise<void> {
  const waitSeconds = await authentication.countSignUp(request.ip);
  if (waitSeconds > 0) throw new TooManyRequestsError(waitSeconds);
  if (invitationToken !== undefined) await requireInvitationOf(context, email, invitationToken);
  const answerTime = delay(ANSWER_TIME_MS);
  const callbackURL = invitationToken === undefined ? AFTER_VERIFICATION : `/invitation?token=${invitationToken}`;
  const body = { name, email, password, callbackURL };
  const response = await authentication.handle(
    clientRequest(
      new URL('/api/auth/sign-up/email', portalUrl),
      // Nobody is signed in by signing up, so the cookies of whoever is do not matter.
      { method: 'POST', ip: request.ip, headers: { 'user-agent': request.headers['user-agent'] } },
      body,
    ),
  );
  throwIfLimited(response);
  if (!response.ok) throw new Error(`signing up failed with status ${response.status}: ${await response.text()}`);
  if (terms) await recordPortalTermsOfSignUp(context, { email, terms });
  if (organizationName !== undefined) await completeSignUp(context, { email, organizationName });
  await answerTime;
}

async function requireInvitationOf(context: ServiceContext, email: string, token: string): Promise<void> {
  const { email: invited } = await findInvitation(context, token);
  if (invited !== email) {
    throw new NotFoundError('invitation', `This invitation is for ${invited}: sign up with that address.`);
  }
}
