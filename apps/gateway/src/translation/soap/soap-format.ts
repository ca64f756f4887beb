import type { SoapOperation, TranslatedAnswer } from '#translation';
import type { UpstreamAnswer } from '../whole-answer-reader.js';
import type { AnswerFormat } from '../whole-answer-translation.js';

/** Answers by SOAP over HTTP. */
export class SoapFormat implements AnswerFormat {
  readonly problemCode = 'soap_fault';

  constructor(readonly operation: SoapOperation) {}

  answer({ status, headers, body }: UpstreamAnswer): TranslatedAnswer {
    return this.operation.answer(status, headers['content-type'] ?? '', body);
  }
}
