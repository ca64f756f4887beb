import { hash, verify } from '@node-rs/argon2';

/** Argon2's own number for the variant; the package's enum is ambient, which single-file compilation cannot read. */
const ARGON2ID = 2;
/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. Hashing runs in a thread of its own. */
const OPTIONS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function hashPassword(password: string): Promise<string> {
  return hash(password, OPTIONS);
}

/** False for a wrong password, and for a stored hash that cannot be read. */
export async function verifyPassword({ password, hash: stored }: { password: string; hash: string }): Promise<boolean> {
  try {
    return await verify(stored, password);
  } catch {
    return false;
  }
}
