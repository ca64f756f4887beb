import { ConflictError, InvalidError } from '#domain';
import { type ServiceContext, readUserProfile } from '#services';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authentication, SignedInUser } from './authentication.js';
import { callAuthRoute } from './call-auth-route.js';

export interface ProofParts {
  readonly context: ServiceContext;
  readonly authentication: Authentication;
  readonly portalUrl: string;
}

/** What a person sends along with what a stolen session must not do. */
export interface PersonProof {
  readonly password?: string | undefined;
  /** Of the authenticator app, or a recovery code. */
  readonly code?: string | undefined;
}

/**
 * Makes sure that who asks is the person and not only a browser of theirs: by the password, or, for who has none, by a session
 * that began within the last ten minutes.
 * @throws InvalidError `password_needed`, `wrong_password`; ConflictError `sign_in_again`; TooManyRequestsError
 */
export async function provePassword(
  { context, authentication }: Pick<ProofParts, 'context' | 'authentication'>,
  user: SignedInUser,
  { password }: PersonProof,
): Promise<void> {
  const { hasPassword } = await readUserProfile(context, user.id);
  if (!hasPassword) {
    if (await authentication.isFreshSession(user.sessionId)) return;
    throw new ConflictError(
      'sign_in_again',
      'Sign in again through your identity provider, and do this within ten minutes of it.',
    );
  }
  if (password === undefined) throw new InvalidError('password_needed', 'Send your password along: it is asked for.');
  await authentication.checkPassword(user, password);
}

/**
 * The same, and by a code for those with two-factor authentication.
 * @throws as `provePassword`; InvalidError `code_needed`, `code_used`, `wrong_code`, `wrong_recovery_code`
 */
export async function provePerson(
  parts: ProofParts,
  user: SignedInUser,
  proof: PersonProof,
  request: Pick<FastifyRequest, 'ip' | 'headers'>,
  reply: FastifyReply,
): Promise<void> {
  await provePassword(parts, user, proof);
  if (!user.hasTwoFactor) return;
  const code = proof.code?.replaceAll(/\s/g, '') ?? '';
  if (code === '') {
    throw new InvalidError('code_needed', 'Send a code of your authenticator app along, or a recovery code.');
  }
  await parts.authentication.takeCode(user.id, code);
  const route = /^\d{6}$/.test(code) ? 'two-factor/verify-totp' : 'two-factor/verify-backup-code';
  await callAuthRoute(parts, { route, body: { code }, passwordOf: null }, request, reply);
}
