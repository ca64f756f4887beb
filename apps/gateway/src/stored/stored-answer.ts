import type { IncomingHttpHeaders } from 'node:http';
import { isRewrittenInResponses } from '../proxy/header-names.js';
import { connectionTokens } from '../request-head.js';

/** An answer of the upstream that can be given again. */
export interface StoredAnswer {
  readonly status: number;
  /** Without what is for one hop only, and without what the gateway says itself. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The fields of an answer that are true of it whenever it is given. */
export function storableHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const nominated = headers.connection === undefined ? [] : connectionTokens(headers.connection);
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !isRewrittenInResponses(name) && !nominated.includes(name) && name !== 'trailer',
    ),
  );
}
