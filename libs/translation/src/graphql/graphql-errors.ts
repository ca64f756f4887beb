/** What of an error is shown: no extension but its code, as servers put stack traces beside it. */
export interface ShownError {
  readonly message: string;
  readonly path?: readonly unknown[];
  readonly code?: string;
}

const maxShown = 20;
const maxMessageChars = 1_000;

/** The codes that servers of GraphQL commonly have in `extensions.code`. */
const STATUSES: Readonly<Record<string, number>> = {
  BAD_USER_INPUT: 400,
  BAD_REQUEST: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  RATE_LIMITED: 429,
  TOO_MANY_REQUESTS: 429,
};

export function shownErrors(errors: readonly unknown[]): readonly ShownError[] {
  return errors.slice(0, maxShown).map((error): ShownError => {
    const { message, path, extensions } = (error ?? {}) as Record<string, unknown>;
    const code = ((extensions ?? {}) as Record<string, unknown>)['code'];
    return {
      message: typeof message === 'string' ? message.slice(0, maxMessageChars) : 'an error without a message',
      ...(Array.isArray(path) ? { path: path.slice(0, maxShown) } : {}),
      ...(typeof code === 'string' ? { code: code.slice(0, 100) } : {}),
    };
  });
}

/** By the first error whose code has a status; 502 where none has. */
export function statusOfErrors(errors: readonly ShownError[], own: Readonly<Record<string, number>>): number {
  for (const { code } of errors) {
    if (code === undefined) continue;
    if (Object.hasOwn(own, code)) return own[code]!;
    if (Object.hasOwn(STATUSES, code)) return STATUSES[code]!;
  }
  return 502;
}
