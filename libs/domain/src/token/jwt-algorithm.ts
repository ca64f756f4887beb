import { type KeyObject, constants, sign, verify } from 'node:crypto';

/** Signatures that are accepted (RFC 7518 §3, RFC 8037): asymmetric ones only, never "none" and none with a shared secret. */
export const JWT_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

export type JwtAlgorithm = (typeof JWT_ALGORITHMS)[number];

const CURVES: Readonly<Record<string, string>> = { ES256: 'prime256v1', ES384: 'secp384r1', ES512: 'secp521r1' };
const MIN_RSA_BITS = 2_048;

/** True when a key is of the kind that an algorithm needs, and strong enough. */
export function fitsAlgorithm(key: KeyObject, algorithm: JwtAlgorithm): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  switch (algorithm) {
    case 'RS256':
    case 'RS384':
    case 'RS512':
    case 'PS256':
    case 'PS384':
    case 'PS512':
      return type === 'rsa' && (details?.modulusLength ?? 0) >= MIN_RSA_BITS;
    case 'ES256':
    case 'ES384':
    case 'ES512':
      return type === 'ec' && details?.namedCurve === CURVES[algorithm];
    case 'EdDSA':
      return type === 'ed25519';
  }
}

/** The key must fit the algorithm. */
export function verifyJwtSignature(
  algorithm: JwtAlgorithm,
  key: KeyObject,
  signed: Uint8Array,
  signature: Uint8Array,
): boolean {
  return verify(hashOf(algorithm), signed, { key, ...optionsOf(algorithm) }, signature);
}

/** The key must fit the algorithm. */
export function signJwtBytes(algorithm: JwtAlgorithm, key: KeyObject, bytes: Uint8Array): Buffer {
  return sign(hashOf(algorithm), bytes, { key, ...optionsOf(algorithm) });
}

function hashOf(algorithm: JwtAlgorithm): string | null {
  return algorithm === 'EdDSA' ? null : `sha${algorithm.slice(2)}`;
}

function optionsOf(algorithm: JwtAlgorithm) {
  switch (algorithm[0]) {
    case 'P':
      return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
    case 'E':
      return { dsaEncoding: 'ieee-p1363' as const };
    default:
      return {};
  }
}
