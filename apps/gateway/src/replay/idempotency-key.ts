/** A structured string (RFC 9651 §3.3.3), or the bare text that many clients send. */
const KEY = /^(?:"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"|([\x21\x23-\x7e]{1,255}))$/;

/** The key in a field's value; null when it is none. */
export function parseIdempotencyKey(value: string): string | null {
  const match = KEY.exec(value.trim());
  return match ? (match[1] ?? match[2]!) : null;
}
