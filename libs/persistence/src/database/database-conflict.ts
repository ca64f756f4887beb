const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';

/** True when the transaction lost against another one and the same work may succeed when it is done again. */
export function isDatabaseConflict(error: unknown): boolean {
  const code = codeOf(error);
  return code === SERIALIZATION_FAILURE || code === DEADLOCK_DETECTED;
}

/** True when the data itself was refused (classes 22 and 23): done again, the same work would be refused again. */
export function isDatabaseRefusal(error: unknown): boolean {
  const code = codeOf(error);
  return typeof code === 'string' && /^2[23]/.test(code);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
