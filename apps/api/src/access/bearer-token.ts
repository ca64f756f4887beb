import type { IncomingHttpHeaders } from 'node:http';

/** The token of an Authorization field of the kind Bearer (RFC 6750); null without one. */
export function bearerToken({ authorization }: IncomingHttpHeaders): string | null {
  return /^Bearer +([!-~]+)$/i.exec(authorization ?? '')?.[1] ?? null;
}
