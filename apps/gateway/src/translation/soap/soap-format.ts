import type { RequestFault, RestRequest, SoapOperation, TranslatedAnswer, TranslatedRequest } from '#translation';
import type { UpstreamAnswer } from '../whole-answer-reader.js';
import type { AnswerFormat } from '../whole-answer-translation.js';

/** Answers by SOAP over HTTP. */
export class SoapFormat implements AnswerFormat {
  readonly problemCode = 'soap_fault';

  constructor(private readonly operation: SoapOperation) {}

  translate(request: RestRequest): TranslatedRequest | readonly RequestFault[] {
    return this.operation.translate(request);
  }

  answer({ status, headers, body }: UpstreamAnswer): TranslatedAnswer {
    return this.operation.answer(status, headers['content-type'] ?? '', body);
  }
}
