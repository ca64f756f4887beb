import { guardedFetch } from '#outbound';
import * as client from 'openid-client';

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 1_048_576;

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Also without TLS. */
  readonly allowsPrivate: boolean;
}

/** What must be the same when the person comes back. */
export interface OidcChecks {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** Whom the identity provider says the person to be. */
export interface OidcPerson {
  /** Issuer and subject: the subject alone could mean another person at another provider. */
  readonly accountId: string;
  /** Empty when the provider does not say. */
  readonly email: string;
  readonly isEmailVerified: boolean;
  readonly name: string;
}

/**
 * Signing in by OpenID Connect with the authorization code flow: PKCE, state and nonce, and an ID token whose signature,
 * issuer, audience and times are checked. The provider's document is read at the first sign-in, and again after a failure.
 */
export class OidcClient {
  private configuration: Promise<client.Configuration> | null = null;

  constructor(private readonly settings: OidcSettings) {}

  /** Where to send the person, and what to remember of it. */
  async begin(redirectUri: string): Promise<{ readonly url: URL; readonly checks: OidcChecks }> {
    const configuration = await this.discover();
    const checks = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      codeVerifier: client.randomPKCECodeVerifier(),
    };
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: 'openid email profile',
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(checks.codeVerifier),
      code_challenge_method: 'S256',
    });
    return { url, checks };
  }

  /** The person who came back to `url`; throws when anything about it is not as it was begun. */
  async end(url: URL, { state, nonce, codeVerifier }: OidcChecks): Promise<OidcPerson> {
    const configuration = await this.discover();
    const tokens = await client.authorizationCodeGrant(configuration, url, {
      pkceCodeVerifier: codeVerifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    const token = tokens.claims()!;
    const claims =
      token['email'] === undefined && configuration.serverMetadata().userinfo_endpoint
        ? await client.fetchUserInfo(configuration, tokens.access_token, token.sub)
        : token;
    const email = typeof claims['email'] === 'string' ? claims['email'].toLowerCase() : '';
    const name =
      typeof claims['name'] === 'string'
        ? claims['name'].replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim()
        : '';
    return {
      accountId: `${token.iss} ${token.sub}`,
      email,
      isEmailVerified: claims['email_verified'] === true,
      name: (name || email).slice(0, 120).toWellFormed(),
    };
  }

  private discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret, allowsPrivate } = this.settings;
    this.configuration ??= client
      .discovery(new URL(issuer), clientId, clientSecret, client.ClientSecretPost(clientSecret), {
        [client.customFetch]: guardedFetch({
          allowsPrivate,
          timeoutMs: TIMEOUT_MS,
          maxAnswerBytes: MAX_ANSWER_BYTES,
        }) as client.CustomFetch,
        execute: allowsPrivate ? [client.allowInsecureRequests] : [],
      })
      .catch((error: unknown) => {
        this.configuration = null;
        throw error;
      });
    return this.configuration;
  }
}
