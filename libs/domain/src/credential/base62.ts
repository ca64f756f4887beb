import { crc32 } from 'node:zlib';
import type { FillRandom } from '../id/uuid-v7.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
export const CRC_LENGTH = 6;

/** CRC-32 of a text, as six base62 digits. */
export function checksumOf(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let place = 0; place < CRC_LENGTH; place++) {
    text = ALPHABET[rest % 62]! + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

const digits = new Uint8Array(128);
for (const digit of ALPHABET) digits[digit.charCodeAt(0)] = 1;

/** True when a text ends with the checksum of all before it, as `checksumOf` writes it. Makes no text of its own but what is summed. */
export function endsWithChecksum(text: string): boolean {
  const length = text.length - CRC_LENGTH;
  let rest = crc32(text.slice(0, length));
  for (let at = text.length - 1; at >= length; at--) {
    if (text.charCodeAt(at) !== ALPHABET.charCodeAt(rest % 62)) return false;
    rest = Math.floor(rest / 62);
  }
  return true;
}

/** True when all from one place to before another is base62 digits. */
export function isBase62(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (digits[text.charCodeAt(at)] !== 1) return false;
  return true;
}

/** Random base62 digits. Bytes of 248 and more are thrown away, so that every digit is equally likely. */
export function randomBase62(length: number, fillRandom: FillRandom): string {
  const bytes = new Uint8Array(length * 2);
  let text = '';
  while (text.length < length) {
    fillRandom(bytes);
    for (const byte of bytes) {
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62]!;
    }
  }
  return text;
}
