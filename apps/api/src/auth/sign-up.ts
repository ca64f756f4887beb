import { setTimeout as delay } from 'node:timers/promises';
import { type ServiceContext, completeSignUp } from '#services';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { signUpRequest } from '../session/session.schema.js';
import { AFTER_VERIFICATION } from './auth-mails.js';
import type { Authentication } from './authentication.js';
import { clientRequest, throwIfLimited } from './forward.js';

/** No answer is faster, so that its time tells little about whether the address is known. */
const ANSWER_TIME_MS = 400;

export interface SignUpParts {
  readonly context: ServiceContext;
  readonly authentication: Authentication;
  readonly portalUrl: string;
}

/**
 * Makes a person and an organization of their own, and sends the verification mail. For a known address nothing is
 * made; who has not verified it yet gets the mail again.
 * @throws TooManyRequestsError
 */
export async function signUp(
  { context, authentication, portalUrl }: SignUpParts,
  { name, email, password, organizationName }: z.output<typeof signUpRequest>,
  request: Pick<FastifyRequest, 'ip' | 'headers'>,
): Promise<void> {
  const answerTime = delay(ANSWER_TIME_MS);
  const body = { name, email, password, callbackURL: AFTER_VERIFICATION };
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
  await completeSignUp(context, { email, organizationName });
  await answerTime;
}
