import { createHmac } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30_000;

/** What an authenticator app shows for a secret in base32: RFC 6238 with SHA-1, half minutes and six digits. */
export function totpOf(secret: string, atMs = Date.now()): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(atMs / STEP_MS)));
  const mac = createHmac('sha1', decodeBase32(secret)).update(counter).digest();
  const offset = mac[mac.length - 1]! & 15;
  return String((mac.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}

/** A code that is still right, but another one than `totpOf`: of the half minute before. */
export function earlierTotpOf(secret: string): string {
  return totpOf(secret, Date.now() - STEP_MS);
}

/** A code that is right already: of the half minute after, which nobody has tried yet. */
export function laterTotpOf(secret: string): string {
  return totpOf(secret, Date.now() + STEP_MS);
}

function decodeBase32(text: string): Buffer {
  const bits = text
    .replaceAll('=', '')
    .split('')
    .map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0'));
  return Buffer.from(
    bits
      .join('')
      .match(/.{8}/g)!
      .map((byte) => Number.parseInt(byte, 2)),
  );
}
