import type { ProblemDocument } from '../problem/problem.schema.js';
import { encodingOf, writeOtlp } from './otlp-encoding.js';

/** google.rpc.Code, by the status of HTTP that stands for it. */
const RPC_CODES: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  429: 8,
  503: 14,
};
const INVALID_ARGUMENT = 3;
const RETRY_AFTER_SECONDS = '5';

/** A refusal as it is sent. */
export interface SentRefusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/**
 * A refusal as OTLP has it: a google.rpc.Status in the encoding of the request. Exporters drop what is answered with 500 and send again
 * what is answered with 503. What failed on our side is usage that is not counted yet, so it is always the latter.
 */
export function otlpRefusal({ status, detail, code }: ProblemDocument, contentType: string | undefined): SentRefusal {
  const encoding = encodingOf(contentType);
  const sent = status >= 500 ? 503 : status;
  const message = { code: RPC_CODES[sent] ?? INVALID_ARGUMENT, message: `${detail} (${code})` };
  return {
    status: sent,
    headers: { 'content-type': encoding, ...(sent === 503 && { 'retry-after': RETRY_AFTER_SECONDS }) },
    body: writeOtlp('Status', message, encoding),
  };
}
