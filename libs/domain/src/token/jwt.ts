import type { KeyObject } from 'node:crypto';
import { type JwtAlgorithm, JWT_ALGORITHMS, signJwtBytes } from './jwt-algorithm.js';

const MAX_LENGTH = 16_384;
const FORM = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;

export type JwtClaims = Readonly<Record<string, unknown>>;

/** A token taken apart, and nothing of it believed yet. */
export interface ParsedJwt {
  readonly algorithm: JwtAlgorithm;
  readonly keyId: string | null;
  readonly claims: JwtClaims;
  /** What the signature is over. */
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/**
 * Takes a JWS in compact form apart (RFC 7515 §3.1); null for anything else: encrypted tokens, other algorithms, extensions
 * that must be understood (`crit`), and tokens beyond 16 KiB.
 */
export function parseJwt(token: string): ParsedJwt | null {
  if (token.length > MAX_LENGTH) return null;
  const match = FORM.exec(token);
  if (!match) return null;
  const header = parseObject(match[1]!);
  const claims = parseObject(match[2]!);
  if (!header || !claims || 'crit' in header) return null;
  const algorithm = JWT_ALGORITHMS.find((one) => one === header['alg']);
  if (!algorithm) return null;
  const keyId = header['kid'] ?? null;
  if (keyId !== null && typeof keyId !== 'string') return null;
  return {
    algorithm,
    keyId,
    claims,
    signed: Buffer.from(token.slice(0, token.lastIndexOf('.')), 'latin1'),
    signature: Buffer.from(match[3]!, 'base64url'),
  };
}

/**
 * True for what somebody may take for a JWT, sound or not: three parts, unsigned ones included, or the five of an encrypted one
 * (RFC 7516 §3.1), of which the first is an object in base64 of any kind. Our keys have no dots, and those of others no objects.
 */
export function hasJwtForm(text: string): boolean {
  const [head, ...others] = text.split('.', 6);
  return (
    (others.length === 2 || others.length === 4) &&
    Buffer.from(head!, 'base64').toString('utf8').trimStart().startsWith('{')
  );
}

/** Signs claims into a token in compact form. */
export function signJwt(claims: JwtClaims, algorithm: JwtAlgorithm, keyId: string, key: KeyObject): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: algorithm, typ: 'JWT', kid: keyId })}.${part(claims)}`;
  return `${signed}.${signJwtBytes(algorithm, key, Buffer.from(signed)).toString('base64url')}`;
}

function parseObject(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
