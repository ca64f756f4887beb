import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answerOf, client, pageAfter } from './client.js';

export const userKey = ['user'] as const;

export const userQuery = queryOptions({ queryKey: userKey, queryFn: () => answerOf(client.GET('/api/v1/user')) });

export const userSessionsQuery = infiniteQueryOptions({
  queryKey: [...userKey, 'sessions'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam }) =>
    answerOf(client.GET('/api/v1/user/sessions', { params: { query: pageAfter(pageParam) } })),
  getNextPageParam: ({ next }) => next ?? undefined,
  select: ({ pages }) => pages.flatMap((page) => page.sessions),
});

export function renameUser(name: string) {
  return answerOf(client.PATCH('/api/v1/user', { body: { name } }));
}

/** @throws ProblemError `wrong_password` among others, as everything below that takes the password */
export function changePassword(currentPassword: string, newPassword: string) {
  return answerOf(client.POST('/api/v1/user/password', { body: { currentPassword, newPassword } }));
}

export function endSession(sessionId: string) {
  return answerOf(client.DELETE('/api/v1/user/sessions/{sessionId}', { params: { path: { sessionId } } }));
}

export function endOtherSessions() {
  return answerOf(client.DELETE('/api/v1/user/sessions'));
}

export function beginTwoFactor(password: string) {
  return answerOf(client.POST('/api/v1/user/two-factor', { body: { password } }));
}

/** @throws ProblemError `wrong_code` among others */
export function confirmTwoFactor(code: string) {
  return answerOf(client.POST('/api/v1/user/two-factor/confirm', { body: { code } }));
}

export async function renewRecoveryCodes(password: string): Promise<readonly string[]> {
  const answer = await answerOf(client.POST('/api/v1/user/two-factor/recovery-codes', { body: { password } }));
  return answer.recoveryCodes;
}

export function turnTwoFactorOff(password: string) {
  return answerOf(client.POST('/api/v1/user/two-factor/turn-off', { body: { password } }));
}

/** Succeeds for free and taken addresses alike; what follows is in the mail. */
export function requestEmailChange(newEmail: string, password: string) {
  return answerOf(client.POST('/api/v1/user/email', { body: { newEmail, password } }));
}

/** @throws ProblemError `link_expired` */
export function confirmEmailChange(token: string) {
  return answerOf(client.POST('/api/v1/user/email/confirm', { body: { token } }));
}

/** @throws ProblemError `portal_terms_changed` */
export function acceptPortalTerms(version: string) {
  return answerOf(client.POST('/api/v1/user/terms', { body: { version } }));
}
