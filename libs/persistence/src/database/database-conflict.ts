const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';
const LOCK_NOT_AVAILABLE = '55P03';

/** True when the transaction lost against another one and the same work may succeed when it is done again. */
export function isDatabaseConflict(error: unknown): boolean {
  const code = codeOf(error);
  return code === SERIALIZATION_FAILURE || code === DEADLOCK_DETECTED;
}

/** True when a lock was not to be had in the time allowed. */
export function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === LOCK_NOT_AVAILABLE;
}

/** True when the data itself was refused (classes 22 and 23): done again, the same work would be refused again. */
export function isDatabaseRefusal(error: unknown): boolean {
  const code = codeOf(error);
  return typeof code === 'string' && /^2[23]/.test(code);
}

/**
 * True when the database could not be reached, has cut the connection or has no room (classes 08, 53 and 57P): the same for
 * whatever is asked.
 */
export function isDatabaseAway(error: unknown): boolean {
  const code = codeOf(error);
  if (typeof code === 'string') return /^(08|53|57P|E[A-Z])/.test(code);
  return error instanceof Error && /connection (terminated|error)|not queryable/i.test(error.message);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
