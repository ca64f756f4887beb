import { answerOf, client } from './client.js';
import { ProblemError } from './problem.js';

export interface SignUpRequest {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  /** Without an invitation. */
  readonly organizationName?: string;
  /** The token of an invitation to somebody else’s organization. */
  readonly invitationToken?: string;
}

/** Succeeds for known and unknown addresses alike; what follows is in the mail. */
export function signUp(request: SignUpRequest) {
  return answerOf(client.POST('/api/v1/sign-up', { body: request }));
}

/**
 * Signs in, or says that a second factor is asked for.
 * @throws ProblemError `email_not_verified` or `wrong_credentials` among others
 */
export function signIn(email: string, password: string) {
  return authenticated(client.POST('/api/auth/sign-in/email', { body: { email, password } }));
}

/** @throws ProblemError `wrong_code`, `code_used` or `sign_in_lapsed` among others */
export function signInWithCode(code: string) {
  return authenticated(client.POST('/api/auth/sign-in/two-factor', { body: { code } }));
}

/** @throws ProblemError `wrong_recovery_code` or `sign_in_lapsed` among others */
export function signInWithRecoveryCode(code: string) {
  return authenticated(client.POST('/api/auth/sign-in/recovery-code', { body: { code } }));
}

export function signOut() {
  return authenticated(client.POST('/api/auth/sign-out', { body: {} }));
}

export function sendVerificationMail(email: string, callbackURL: string) {
  return authenticated(client.POST('/api/auth/send-verification-email', { body: { email, callbackURL } }));
}

export function requestPasswordReset(email: string) {
  const body = { email, redirectTo: '/reset-password' };
  return authenticated(client.POST('/api/auth/request-password-reset', { body }));
}

export function resetPassword(token: string, newPassword: string) {
  return authenticated(client.POST('/api/auth/reset-password', { body: { token, newPassword } }));
}

/** The session library refuses in a form of its own. */
async function authenticated<Answer>(
  call: Promise<{ data?: Answer; error?: unknown; response: Response }>,
): Promise<Answer> {
  try {
    return await answerOf(call);
  } catch (error) {
    throw error instanceof ProblemError ? translated(error) : error;
  }
}

/** The refusals of the session library in the words and codes of the portal. */
export function translated(problem: ProblemError): ProblemError {
  const known = refusals[problem.code];
  return known ? new ProblemError(problem.status, known.code, known.words, [], problem.requestId) : problem;
}

const expiredLink = {
  code: 'link_expired',
  words: 'This link has expired or was used already. Ask for a new one.',
};

const refusals: Readonly<Record<string, { readonly code: string; readonly words: string }>> = {
  INVALID_EMAIL_OR_PASSWORD: { code: 'wrong_credentials', words: 'This e-mail address and password do not match.' },
  EMAIL_NOT_VERIFIED: {
    code: 'email_not_verified',
    words: 'Confirm your e-mail address first: open the link we sent.',
  },
  INVALID_TOKEN: expiredLink,
  TOKEN_EXPIRED: expiredLink,
  PASSWORD_TOO_SHORT: { code: 'password_too_short', words: 'The password is too short.' },
  PASSWORD_TOO_LONG: { code: 'password_too_long', words: 'The password is too long.' },
};
