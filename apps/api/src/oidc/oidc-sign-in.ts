import type { BetterAuthPlugin } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { expireCookie, setSessionCookie } from 'better-auth/cookies';
import { handleOAuthUserInfo } from 'better-auth/oauth2';
import { z } from 'zod';
import type { OidcClient } from './oidc-client.js';

const LIFE_SECONDS = 600;
const PROVIDER_ID = 'oidc';

const begun = z.object({
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  callbackURL: z.string(),
});

export interface OidcSignInParts {
  readonly client: Pick<OidcClient, 'begin' | 'end'>;
  readonly portalUrl: string;
  /** Somebody came for the first time; their address is verified. */
  readonly onSignUp: (user: { readonly id: string; readonly name: string }, callbackURL: string) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/**
 * Two routes of better-auth: the way to the identity provider and back. What was begun is in a signed cookie of this
 * browser, so that an answer meant for another one is refused. An account is made for, or linked to, nobody but the owner
 * of an address that the provider calls verified; an account of ours must have verified it as well.
 */
export function oidcSignIn({ client, portalUrl, onSignUp, onError }: OidcSignInParts): BetterAuthPlugin {
  const failure = (code: string, callbackURL?: string) => {
    const target = callbackURL === undefined ? {} : { redirect: callbackURL };
    return `${portalUrl}/sign-in?${new URLSearchParams({ error: code, ...target }).toString()}`;
  };
  return {
    id: 'oidc-sign-in',
    endpoints: {
      beginOidcSignIn: createAuthEndpoint(
        '/oidc/sign-in',
        { method: 'GET', query: z.object({ callbackURL: z.string() }) },
        async (call) => {
          const cookie = call.context.createAuthCookie('oidc', { maxAge: LIFE_SECONDS });
          const started = await client.begin(`${portalUrl}/api/auth/oidc/callback`).catch((error: unknown) => {
            onError(error);
            return null;
          });
          if (!started) throw call.redirect(failure('oidc_unavailable', call.query.callbackURL));
          const value = JSON.stringify({ ...started.checks, callbackURL: call.query.callbackURL });
          await call.setSignedCookie(cookie.name, value, call.context.secret, cookie.attributes);
          throw call.redirect(started.url.href);
        },
      ),
      endOidcSignIn: createAuthEndpoint('/oidc/callback', { method: 'GET' }, async (call) => {
        const cookie = call.context.createAuthCookie('oidc', { maxAge: LIFE_SECONDS });
        const remembered = await call.getSignedCookie(cookie.name, call.context.secret);
        expireCookie(call, cookie);
        if (!remembered || !call.request) throw call.redirect(failure('oidc_lapsed'));
        const { callbackURL, ...checks } = begun.parse(JSON.parse(remembered));
        const person = await client.end(new URL(call.request.url), checks).catch((error: unknown) => {
          onError(error);
          return null;
        });
        if (!person) throw call.redirect(failure('oidc_refused', callbackURL));
        const { accountId, email, isEmailVerified, name } = person;
        if (!email || !isEmailVerified) throw call.redirect(failure('oidc_email_unverified', callbackURL));
        const result = await handleOAuthUserInfo(call, {
          userInfo: { id: accountId, email, emailVerified: true, name },
          account: { providerId: PROVIDER_ID, accountId },
        });
        if (result.data === null) throw call.redirect(failure('oidc_account_not_linked', callbackURL));
        if (result.isRegister) await onSignUp(result.data.user, callbackURL);
        await setSessionCookie(call, result.data);
        throw call.redirect(`${portalUrl}${callbackURL}`);
      }),
    },
  };
}
