import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';

export interface ProvidedPerson {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
}

/** A real OpenID provider on a free port, which takes everybody for the one that `person` says, without asking. */
export class IdentityProvider {
  person: ProvidedPerson = { sub: 'nobody' };
  /** The person does not want to. */
  isDenied = false;
  /** Requests that came, by path. */
  readonly requests: string[] = [];

  private constructor(
    readonly issuer: string,
    private readonly server: http.Server,
  ) {}

  static async start(redirectUri: string): Promise<IdentityProvider> {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const started = new IdentityProvider(issuer, server);
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: 'tollgate',
          client_secret: 'provider-secret',
          redirect_uris: [redirectUri],
          token_endpoint_auth_method: 'client_secret_post',
        },
      ],
      jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'test' }] },
      claims: { email: ['email', 'email_verified'], profile: ['name'] },
      cookies: { keys: ['a key of a test'] },
      features: { devInteractions: { enabled: false } },
      ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
      pkce: { required: () => true },
      findAccount: (_call, id) => ({ accountId: id, claims: async () => ({ ...started.person, sub: id }) }),
      interactions: { url: (_call, { uid }) => `/interaction/${uid}` },
      loadExistingGrant: async (call) => {
        const grant = new call.oidc.provider.Grant({
          clientId: call.oidc.client!.clientId,
          accountId: call.oidc.session!.accountId!,
        });
        grant.addOIDCScope('openid email profile');
        await grant.save();
        return grant;
      },
    });
    const handle = provider.callback();
    server.on('request', (request, response) => {
      started.requests.push(new URL(request.url!, issuer).pathname);
      if (!request.url!.startsWith('/interaction/')) return void handle(request, response);
      const decided = started.isDenied
        ? { error: 'access_denied', error_description: 'not now' }
        : { login: { accountId: started.person.sub } };
      void provider.interactionFinished(request, response, decided);
    });
    return started;
  }

  /** Follows the way of a browser from the provider's page to where it sends the person back; returns that address. */
  async follow(address: string): Promise<URL> {
    const cookies = new Map<string, string>();
    let url = new URL(address);
    while (url.origin === this.issuer) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
      for (const set of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!;
        if (value) cookies.set(name!, value);
        else cookies.delete(name!);
      }
      const location = response.headers.get('location');
      if (!location) throw new Error(`the provider answered ${response.status}: ${await response.text()}`);
      url = new URL(location, url);
    }
    return url;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
