import type { IncomingHttpHeaders } from 'node:http';
import type { Exchange } from '../exchange.js';
import { isRewrittenInResponses } from './header-names.js';
import { UpstreamAnswerError } from './upstream-fault.js';

/** So many are taken, whatever becomes of them. */
const most = 16;
/** Of those that pass, together: they wait in memory for a caller who is slow to take them. */
const mostBytes = 8 * 1024;

/**
 * What an upstream says ahead of its answer to a call (RFC 9110 §15.2), such as 103 Early Hints (RFC 8297). It passes to a caller by
 * HTTP/2. Callers by HTTP/1.1 do not get it: many take the first head that comes for the answer, which is why RFC 8297 §3 leaves it to the
 * server. A 100 is ours to say. Where the publisher changes fields of answers, fields that nobody has changed do not pass.
 */
export class InterimAnswers {
  private count = 0;
  private bytes = 0;

  constructor(private readonly exchange: Exchange) {}

  /** @throws UpstreamAnswerError for one too many, and for one that is none */
  take(status: number, headers: IncomingHttpHeaders): void {
    if (status < 100 || ++this.count > most)
      throw new UpstreamAnswerError('too many informational answers, or none that is valid');
    const { response, operation } = this.exchange;
    if (status <= 101 || response.writeInterim === undefined) return;
    if ((operation!.transformation?.response ?? null) !== null) return;
    const fields: Record<string, string | string[]> = {};
    for (const [name, value] of Object.entries(headers)) {
      if (value === undefined || isRewrittenInResponses(name) || name === 'content-length') continue;
      fields[name] = value;
      this.bytes += name.length + [value].flat().reduce((sum, { length }) => sum + length, 0);
    }
    if (this.bytes <= mostBytes) response.writeInterim(status, fields);
  }
}
