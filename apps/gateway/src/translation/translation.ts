import type { IncomingHttpHeaders } from 'node:http';
import type { RequestFault, RestRequest, TranslatedRequest } from '#translation';
import type { Dispatcher } from 'undici';

/** What an answer's translation needs to know of the call. */
export interface AnswerContext {
  readonly requestId: string;
  /** The client's. */
  readonly method: string;
  readonly accept: string | null;
  /** Until the head of the answer that the client gets. */
  readonly timeoutMs: number;
}

/** How one operation is asked of an upstream in another protocol, and answered. Made once for each operation. */
export interface Translation {
  /** The largest request body. */
  readonly maxRequestBytes: number;
  /** Header fields of the client that the upstream gets. */
  readonly requestFields: ReadonlySet<string>;
  /** What is sent, or where the request does not fit. */
  translate(request: RestRequest): TranslatedRequest | readonly RequestFault[];
  /** Fields that depend on how long the answer may take, as name, value, name, value. */
  deadlineFields(timeoutMs: number): readonly string[];
  /** Reads the upstream's answer, and tells `taker` of the one that the client gets. */
  reader(taker: Dispatcher.DispatchHandler, context: AnswerContext): Dispatcher.DispatchHandler;
}

/** Those of the fields that the client may see. */
export function fieldsFor(names: ReadonlySet<string>, ...fields: readonly IncomingHttpHeaders[]): IncomingHttpHeaders {
  const allowed: IncomingHttpHeaders = {};
  if (names.size === 0) return allowed;
  for (const all of fields) for (const name of names) if (all[name] !== undefined) allowed[name] = all[name];
  return allowed;
}
