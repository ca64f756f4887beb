import type { GraphqlOperation, TranslatedAnswer } from '#translation';
import { isJsonType } from '../../policies/read-content.js';
import { parseJson } from '../../transformation/json-text.js';
import type { UpstreamAnswer } from '../whole-answer-reader.js';
import type { AnswerFormat } from '../whole-answer-translation.js';

/** Answers by GraphQL over HTTP. */
export class GraphqlFormat implements AnswerFormat {
  readonly problemCode = 'graphql_error';

  constructor(readonly operation: GraphqlOperation) {}

  answer({ status, headers, body }: UpstreamAnswer): TranslatedAnswer {
    const isJson = isJsonType(headers['content-type'] ?? null);
    return this.operation.answer(status, isJson ? parseJson(body.toString('utf8')) : undefined);
  }
}
