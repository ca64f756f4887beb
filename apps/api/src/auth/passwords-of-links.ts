import type { BetterAuthPlugin } from 'better-auth';
import { createAuthMiddleware } from 'better-auth/api';
import { symmetricDecrypt, symmetricEncrypt, verifyJWT } from 'better-auth/crypto';
import { hashPassword } from './argon2.js';
import type { AuthMails } from './auth-options.js';

/** What the token of a verification mail holds besides the address. */
export interface LinkClaims {
  readonly userId: string;
  /** The hash of the password that was chosen with this sign-up, encrypted. */
  readonly password?: string;
}

/** The claims for a link of the account whose password has this hash now. */
export async function claimsOfLink(secret: string, userId: string, passwordHash: string | null): Promise<LinkClaims> {
  if (passwordHash === null) return { userId };
  return { userId, password: await symmetricEncrypt({ key: secret, data: passwordHash }) };
}

/**
 * Gives an account that is verified the password of the sign-up whose link was opened. Anybody can sign up with an address that
 * is not theirs: with the first password, whoever was there before the owner could sign in once the owner has verified it. A sign-up
 * under an address that waits to be verified sends a mail of its own, as the first one may be lost.
 */
export function passwordsOfLinks(mails: Pick<AuthMails, 'sendVerification'>): BetterAuthPlugin {
  return {
    id: 'passwords-of-links',
    hooks: {
      before: [
        {
          matcher: ({ path }) => path === '/sign-up/email',
          handler: createAuthMiddleware(async ({ body, context: { internalAdapter } }) => {
            const { email, name, password, callbackURL } = body as Record<
              'email' | 'name' | 'password' | 'callbackURL',
              string
            >;
            const found = await internalAdapter.findUserByEmail(email.toLowerCase());
            if (!found || found.user.emailVerified) return;
            const passwordHash = await hashPassword(password);
            await internalAdapter.updatePassword(found.user.id, passwordHash);
            await internalAdapter.updateUser(found.user.id, { name });
            // With this very hash: what is stored may be that of another sign-up at the same moment.
            await mails.sendVerification({ ...found.user, name }, callbackURL, passwordHash);
          }),
        },
        {
          matcher: ({ path }) => path === '/verify-email',
          handler: createAuthMiddleware(async ({ query, context: { internalAdapter, secret } }) => {
            const { token } = query as { readonly token: string };
            const claims = await verifyJWT<LinkClaims & { readonly email: string }>(token, secret);
            if (claims?.password === undefined) return;
            const found = await internalAdapter.findUserByEmail(claims.email);
            if (!found || found.user.emailVerified || found.user.id !== claims.userId) return;
            const passwordHash = await symmetricDecrypt({ key: secret, data: claims.password });
            await internalAdapter.updatePassword(claims.userId, passwordHash);
          }),
        },
      ],
    },
  };
}
