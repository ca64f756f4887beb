import type { GraphqlTranslationPolicy, SoapTranslationPolicy } from '#domain';
import {
  MalformedAnswerError,
  type RequestFault,
  type RestRequest,
  type TranslatedAnswer,
  type TranslatedRequest,
} from '#translation';
import type { Dispatcher } from 'undici';
import { jsonText } from '../transformation/json-text.js';
import { type AnswerContext, type Translation, fieldsFor } from './translation.js';
import { problemAnswer, type UpstreamProblem } from './upstream-problem.js';
import { type RestAnswer, type UpstreamAnswer, WholeAnswerReader } from './whole-answer-reader.js';

/** Reads one kind of answers. */
export interface AnswerFormat {
  readonly operation: { translate(request: RestRequest): TranslatedRequest | readonly RequestFault[] };
  /** @throws MalformedAnswerError */
  answer(answer: UpstreamAnswer): TranslatedAnswer;
  /** What goes wrong in the upstream, in a problem document. */
  readonly problemCode: UpstreamProblem['code'];
}

/** One operation that is a request and one answer in another protocol by HTTP. */
export class WholeAnswerTranslation implements Translation {
  readonly maxRequestBytes: number;
  readonly requestFields: ReadonlySet<string>;
  private readonly responseFields: ReadonlySet<string>;
  private readonly maxBytes: number;

  constructor(
    private readonly format: AnswerFormat,
    { maxRequestBytes, maxResponseBytes, headers }: GraphqlTranslationPolicy | SoapTranslationPolicy,
  ) {
    this.maxRequestBytes = maxRequestBytes;
    this.maxBytes = maxResponseBytes;
    this.requestFields = new Set(headers.request);
    this.responseFields = new Set(headers.response);
  }

  translate(request: RestRequest): TranslatedRequest | readonly RequestFault[] {
    return this.format.operation.translate(request);
  }

  deadlineFields(): readonly string[] {
    return [];
  }

  reader(taker: Dispatcher.DispatchHandler, { requestId, timeoutMs }: AnswerContext): Dispatcher.DispatchHandler {
    const translate = (answer: UpstreamAnswer): RestAnswer => this.restAnswer(answer, requestId);
    return new WholeAnswerReader(taker, { maxBytes: this.maxBytes, timeoutMs, translate });
  }

  private restAnswer(answer: UpstreamAnswer, requestId: string): RestAnswer {
    const coding = answer.headers['content-encoding'] ?? 'identity';
    if (coding !== 'identity') throw new MalformedAnswerError(`the answer is in ${coding}, which was not asked for`);
    const translated = this.format.answer(answer);
    const allowed = fieldsFor(this.responseFields, answer.headers);
    switch (translated.kind) {
      case 'result': {
        const headers = { ...allowed, 'content-type': 'application/json' };
        return { status: 200, headers, body: Buffer.from(jsonText(translated.value)) };
      }
      case 'problem': {
        const { status, detail, says } = translated;
        const code = this.format.problemCode;
        const member = code.slice(0, code.indexOf('_'));
        const problem = problemAnswer({ status, code, detail, members: { [member]: says } }, requestId);
        return { ...problem, headers: { ...allowed, ...problem.headers } };
      }
    }
  }
}
