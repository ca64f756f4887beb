import type { IncomingHttpHeaders } from 'node:http';
import type { ApiAnswer } from './api-answer.js';

/** A request after routing. */
export interface ApiRequest {
  /** Decoded values of the template's parameters. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: AsyncIterable<Buffer>;
  /** Aborts when the caller has gone or the server stops. */
  readonly signal: AbortSignal;
}

/** One operation of an OpenAPI document and what serves it. */
export interface ApiRoute {
  readonly operationId: string;
  readonly method: 'GET' | 'POST';
  readonly template: string;
  handle(request: ApiRequest): ApiAnswer | Promise<ApiAnswer>;
}
