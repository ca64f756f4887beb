import { type KeyObject, generateKeyPairSync } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type JwtAlgorithm, type JwtClaims, signJwt } from '#domain';

interface IssuerKey {
  readonly id: string;
  readonly algorithm: JwtAlgorithm;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A real HTTP server in the place of an authorization server: discovery, a key set, and tokens. */
export class TokenIssuer {
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  /** Makes it answer 500. */
  isDown = false;
  keys: IssuerKey[] = [];
  /** In the place of the key set. */
  body: string | null = null;
  private readonly server = http.createServer((request, response) => {
    this.asked.push(request.url!);
    this.answer(request.url!, response);
  });

  static async start(): Promise<TokenIssuer> {
    const issuer = new TokenIssuer();
    await new Promise<void>((resolve) => issuer.server.listen(0, '127.0.0.1', resolve));
    issuer.rotate();
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Makes a new key in the place of the others. */
  rotate(algorithm: 'ES256' | 'RS256' | 'EdDSA' = 'ES256'): IssuerKey {
    const pair =
      algorithm === 'RS256'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : algorithm === 'ES256'
          ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
          : generateKeyPairSync('ed25519');
    const key = { id: `key-${Math.floor(performance.now() * 1000)}`, algorithm, ...pair };
    this.keys = [key];
    return key;
  }

  token(claims: JwtClaims, key = this.keys[0]!, keyId = key.id): string {
    return signJwt(
      { iss: this.url, aud: 'atlas', exp: 4_000_000_000, ...claims },
      key.algorithm,
      keyId,
      key.privateKey,
    );
  }

  private answer(path: string, response: http.ServerResponse): void {
    if (this.isDown) response.writeHead(500).end();
    else if (path === '/moved') response.writeHead(302, { location: `${this.url}/keys` }).end();
    else if (path === '/keys') response.end(this.body ?? JSON.stringify({ keys: this.keys.map(publicJwk) }));
    else if (path === '/.well-known/openid-configuration')
      response.end(JSON.stringify({ issuer: this.url, jwks_uri: `${this.url}/keys` }));
    else response.writeHead(404).end();
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}

function publicJwk({ id, algorithm, publicKey }: IssuerKey): Record<string, unknown> {
  return { ...publicKey.export({ format: 'jwk' }), kid: id, alg: algorithm, use: 'sig' };
}
