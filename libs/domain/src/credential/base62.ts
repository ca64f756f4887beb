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
