import { type webcrypto, generateKeyPairSync } from 'node:crypto';

/** What tokens to upstreams are signed with. */
export const SIGNING_ALGORITHMS = ['EdDSA', 'ES256'] as const;

export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

/** What the private part of a signing key is sealed for. */
export const SIGNING_KEY_PURPOSE = 'signing-key';

/** How long a new key is published before it signs, so that whoever keeps the set for a while knows it by then. */
export const SIGNING_KEY_LEAD_SECONDS = 600;

/** How long a key stays published after the next one has taken over. */
export const SIGNING_KEY_LINGER_SECONDS = 86_400;

/** A key that signs tokens of the installation. Its private part is a sealed secret. */
export interface SigningKey {
  /** The key id of its tokens. */
  readonly id: string;
  readonly algorithm: SigningAlgorithm;
  readonly publicKey: webcrypto.JsonWebKey;
  readonly secretId: string;
  readonly activeFrom: Date;
  readonly createdAt: Date;
}

/** A new pair of keys: the public part as a JWK, the private one as PEM. */
export function generateSigningPair(algorithm: SigningAlgorithm): {
  readonly publicKey: webcrypto.JsonWebKey;
  readonly privatePem: string;
} {
  const { publicKey, privateKey } =
    algorithm === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    publicKey: publicKey.export({ format: 'jwk' }),
    privatePem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

/** The key that signs at an instant: the latest that is active; undefined when none is. */
export function signingKeyAt<Key extends { readonly activeFromMs: number }>(
  keys: readonly Key[],
  nowMs: number,
): Key | undefined {
  return keys
    .filter(({ activeFromMs }) => activeFromMs <= nowMs)
    .reduce<Key | undefined>((best, key) => (best && best.activeFromMs >= key.activeFromMs ? best : key), undefined);
}

/** Those whose tokens nobody can have any more: another key took over long ago. */
export function outlivedSigningKeys<Key extends { readonly activeFrom: Date }>(
  keys: readonly Key[],
  nowMs: number,
): Key[] {
  const lingerMs = SIGNING_KEY_LINGER_SECONDS * 1000;
  return keys.filter((key) =>
    keys.some(
      ({ activeFrom }) => activeFrom.getTime() > key.activeFrom.getTime() && activeFrom.getTime() + lingerMs <= nowMs,
    ),
  );
}
