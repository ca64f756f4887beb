import type { Session } from './types.js';

/** For tests: somebody who is signed in and has no role anywhere, but for the changes. */
export function aSession(changes: Partial<Session> = {}): Session {
  return {
    user: { id: 'u', name: 'Ada', email: 'ada@example.com' },
    memberships: [],
    staffRoles: [],
    publisherTeams: [],
    accessToken: null,
    termsToAccept: null,
    twoFactorMissing: false,
    ...changes,
  };
}
