import { hash } from 'node:crypto';

/** Keys of ours begin so, whole or damaged; an imported key never does. */
const OWN_FORM = /^tg_(live|test)_/;

/** True for what claims to be a key that Tollgate made: it is judged by its checksum, never looked up as an imported one. */
export function hasOwnKeyForm(key: string): boolean {
  return OWN_FORM.test(key);
}

/** The hash that an imported key is found by: SHA-256 over the salt and the whole key in UTF-8; 32 bytes. */
export function hashImportedKey(key: string, salt: string | null): Buffer {
  return hash('sha256', salt === null ? key : salt + key, 'buffer');
}
