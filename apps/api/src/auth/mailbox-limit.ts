import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import { addressKey } from './account-limit.js';
import type { SharedCount } from './shared-count.js';

/** The routes by which anybody can have a mail sent to any address. */
const MAILING = new Set(['/sign-up/email', '/send-verification-email', '/request-password-reset']);

/**
 * Counts the mails that strangers can have sent to one mailbox, known or not, by `mails`. What better-auth's limit of their network address has
 * refused does not get here, so that nobody uses a mailbox up with calls that send nothing.
 */
export function mailboxLimit(mails: SharedCount, nowMs: () => number): BetterAuthPlugin {
  return {
    id: 'mailbox-limit',
    hooks: {
      before: [
        {
          matcher: ({ path }) => path !== undefined && MAILING.has(path),
          handler: createAuthMiddleware(async ({ body }) => {
            const { email } = body as { readonly email: string };
            const waitSeconds = await mails.take(mailboxKey(email), nowMs());
            if (waitSeconds > 0) throw new APIError('TOO_MANY_REQUESTS', {}, { 'x-retry-after': `${waitSeconds}` });
          }),
        },
      ],
    },
  };
}

/** What mails to an address are counted by. */
export function mailboxKey(email: string): string {
  return addressKey('mail', email);
}
