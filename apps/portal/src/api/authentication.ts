import { answerOf, client } from './client.js';

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
  return answerOf(client.POST('/api/auth/sign-in/email', { body: { email, password } }));
}

/** @throws ProblemError `wrong_code`, `code_used` or `sign_in_lapsed` among others */
export function signInWithCode(code: string) {
  return answerOf(client.POST('/api/auth/sign-in/two-factor', { body: { code } }));
}

/** @throws ProblemError `wrong_recovery_code` or `sign_in_lapsed` among others */
export function signInWithRecoveryCode(code: string) {
  return answerOf(client.POST('/api/auth/sign-in/recovery-code', { body: { code } }));
}

export function signOut() {
  return answerOf(client.POST('/api/auth/sign-out', { body: {} }));
}

export function sendVerificationMail(email: string, callbackURL: string) {
  return answerOf(client.POST('/api/auth/send-verification-email', { body: { email, callbackURL } }));
}

export function requestPasswordReset(email: string) {
  const body = { email, redirectTo: '/reset-password' };
  return answerOf(client.POST('/api/auth/request-password-reset', { body }));
}

export function resetPassword(token: string, newPassword: string) {
  return answerOf(client.POST('/api/auth/reset-password', { body: { token, newPassword } }));
}
