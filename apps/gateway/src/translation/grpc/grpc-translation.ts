import type { GrpcTranslationPolicy } from '#domain';
import {
  FrameReader,
  type GrpcOperation,
  MalformedAnswerError,
  type RequestFault,
  type RestRequest,
  type TranslatedRequest,
} from '#translation';
import type { Dispatcher } from 'undici';
import { type AnswerContext, type Translation, fieldsFor } from '../translation.js';
import { problemAnswer } from '../upstream-problem.js';
import { type RestAnswer, type UpstreamAnswer, WholeAnswerReader } from '../whole-answer-reader.js';
import { grpcProblem, statusOfEnd, statusOfHead } from './grpc-problem.js';
import { GrpcStreamReader } from './grpc-stream-reader.js';

const PREFIX_BYTES = 5;
/** Eight digits are the most that grpc-timeout may have. */
const maxTimeoutMs = 99_999_999;

/** One operation that is a method of a gRPC service. */
export class GrpcTranslation implements Translation {
  readonly maxRequestBytes: number;
  readonly requestFields: ReadonlySet<string>;
  private readonly responseFields: ReadonlySet<string>;

  constructor(
    private readonly operation: GrpcOperation,
    { maxRequestBytes, metadata }: GrpcTranslationPolicy,
  ) {
    this.maxRequestBytes = maxRequestBytes;
    this.requestFields = new Set(metadata.request);
    this.responseFields = new Set(metadata.response);
  }

  translate(request: RestRequest): TranslatedRequest | readonly RequestFault[] {
    return this.operation.translate(request);
  }

  /** A stream may go on for as long as it is not silent; it has no deadline. */
  deadlineFields(timeoutMs: number): readonly string[] {
    return this.operation.isStream ? [] : ['grpc-timeout', `${Math.min(Math.ceil(timeoutMs), maxTimeoutMs)}m`];
  }

  reader(taker: Dispatcher.DispatchHandler, context: AnswerContext): Dispatcher.DispatchHandler {
    const { operation, responseFields } = this;
    if (operation.isStream) return new GrpcStreamReader(taker, operation, context, responseFields);
    return new WholeAnswerReader(taker, {
      maxBytes: PREFIX_BYTES + operation.maxMessageBytes,
      timeoutMs: context.timeoutMs,
      translate: (answer) => this.restAnswer(answer, context.requestId),
    });
  }

  private restAnswer({ status, headers, body, trailers }: UpstreamAnswer, requestId: string): RestAnswer {
    const ended = statusOfHead(status, headers) ?? statusOfEnd(trailers);
    const allowed = fieldsFor(this.responseFields, headers, trailers);
    if (ended.code !== 0) {
      const problem = problemAnswer(grpcProblem(ended), requestId);
      return { ...problem, headers: { ...allowed, ...problem.headers } };
    }
    const reader = new FrameReader(this.operation.maxMessageBytes);
    reader.push(body);
    const message = reader.next();
    if (message === null || !reader.isEmpty) throw new MalformedAnswerError('expected one gRPC message');
    const { contentType, bytes } = this.operation.bodyOf(message);
    return { status: 200, headers: { ...allowed, 'content-type': contentType }, body: bytes };
  }
}
