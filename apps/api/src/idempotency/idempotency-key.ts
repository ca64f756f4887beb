import { InvalidError } from '#domain';

/**
 * The key in an Idempotency-Key field: a string in quotes as draft-ietf-httpapi-idempotency-key-header has it, or the bare text that
 * most clients send. Null without the field.
 * @throws InvalidError `idempotency_key_malformed`
 */
export function idempotencyKeyIn(field: string | readonly string[] | undefined): string | null {
  if (field === undefined) return null;
  const text = typeof field === 'string' ? field.trim() : '';
  const quoted = /^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"$/.exec(text)?.[1];
  const key = quoted?.replace(/\\(["\\])/g, '$1') ?? (/^[!#-+\--:<-~]{1,255}$/.test(text) ? text : null);
  if (key !== null) return key;
  throw new InvalidError(
    'idempotency_key_malformed',
    'Idempotency-Key: expected one string of 1 to 255 printable ASCII characters, such as a UUID.',
  );
}
