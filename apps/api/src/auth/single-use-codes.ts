import { createHash } from 'node:crypto';
import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import type { SharedCount } from './shared-count.js';

/** How long better-auth takes a code for right: its own half minute, and one before and after for clocks that differ. */
export const CODE_LIFE_SECONDS = 90;

/**
 * Lets a code of an authenticator app be tried once in its life, as RFC 6238 §5.2 asks: who has seen it being typed
 * cannot sign in with it as well. `tries` must count one in `CODE_LIFE_SECONDS`.
 */
export function singleUseCodes(tries: SharedCount, nowMs: () => number): BetterAuthPlugin {
  return {
    id: 'single-use-codes',
    hooks: {
      before: [
        {
          matcher: ({ path }) => path === '/two-factor/verify-totp',
          handler: createAuthMiddleware(async (call) => {
            const { context } = call;
            const cookie = context.createAuthCookie('two_factor');
            const challenge = await call.getSignedCookie(cookie.name, context.secret);
            if (!challenge) return;
            const found = await context.internalAdapter.findVerificationValue(challenge);
            if (!found) return;
            const { code } = call.body as { readonly code: string };
            if ((await tries.take(codeKey(found.value, code), nowMs())) > 0) {
              throw new APIError('BAD_REQUEST', { code: 'CODE_USED', message: 'This code was tried before.' });
            }
          }),
        },
      ],
    },
  };
}

/** What tries of a person's code are counted by; tells nothing about either. */
export function codeKey(userId: string, code: string): string {
  return `code:${createHash('sha256').update(`${userId}:${code}`).digest('hex')}`;
}
