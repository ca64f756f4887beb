/** One input that was refused: where it is in the request, and what is expected instead. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

/** An answer other than success, or none at all. `status` is 0 when no answer came. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly faults: readonly Fault[] = [],
    readonly requestId: string | null = null,
    options?: ErrorOptions,
  ) {
    super(detail, options);
    this.name = 'ProblemError';
  }
}

/** What an RFC 9457 document says, or the best that the status alone can say. */
export function problemFrom(status: number, body: unknown): ProblemError {
  const document = isRecord(body) ? body : {};
  const detail = textOf(document['detail']) ?? textOf(document['message']) ?? wordsForStatus(status);
  const faults = Array.isArray(document['faults']) ? document['faults'].filter(isFault) : [];
  return new ProblemError(
    status,
    textOf(document['code']) ?? `http_${status}`,
    detail,
    faults,
    textOf(document['requestId']),
  );
}

/** No answer: the connection failed, or the browser is offline. */
export function unreachable(cause: unknown): ProblemError {
  const detail = 'The server cannot be reached. Check your connection and try again.';
  return new ProblemError(0, 'server_unreachable', detail, [], null, { cause });
}

/** A sentence for people, whatever was thrown. */
export function wordsFor(error: unknown): string {
  if (error instanceof ProblemError) return error.message;
  return 'Something went wrong on this page. Reload it and try again.';
}

/** The message per field: the last part of a fault's path ("body.email" → "email"). The first fault of a field counts. */
export function faultsByField(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof ProblemError)) return {};
  const messages: Record<string, string> = {};
  for (const { path, message } of error.faults) {
    const field = path.split(/[./]/).at(-1) ?? path;
    messages[field] ??= message;
  }
  return messages;
}

function wordsForStatus(status: number): string {
  if (status === 401) return 'You are signed out. Sign in to go on.';
  if (status === 403) return 'Your role does not allow this. Ask an owner of the organization.';
  if (status === 404) return 'There is nothing here, or nothing that you may see.';
  if (status === 429) return 'Too many tries in a short time. Wait a minute and try again.';
  if (status >= 500) return 'The server could not answer. Try again in a moment.';
  return 'The request was refused.';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function isFault(value: unknown): value is Fault {
  return isRecord(value) && typeof value['path'] === 'string' && typeof value['message'] === 'string';
}
