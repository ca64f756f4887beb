import type { IncomingHttpHeaders } from 'node:http';
import { OversizedAnswerError } from '#translation';
import type { Dispatcher } from 'undici';
import { AttemptTimeoutError } from '../proxy/upstream-fault.js';
import { AnswerTranslator } from './answer-translator.js';

/** An answer of an upstream in its own protocol. */
export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly trailers: IncomingHttpHeaders;
}

/** The answer that the client gets of it. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface WholeAnswerOptions {
  readonly maxBytes: number;
  /** Until the end of the answer, as that is when the client gets its head. */
  readonly timeoutMs: number;
  /** @throws MalformedAnswerError, OversizedAnswerError */
  readonly translate: (answer: UpstreamAnswer) => RestAnswer;
}

/** Reads an answer to its end before the client gets any of it. */
export class WholeAnswerReader extends AnswerTranslator {
  private status = 0;
  private headers: IncomingHttpHeaders = {};
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    taker: Dispatcher.DispatchHandler,
    private readonly options: WholeAnswerOptions,
  ) {
    super(taker);
  }

  protected override onBegun(): void {
    const { timeoutMs } = this.options;
    this.timer ??= setTimeout(() => this.fail(new AttemptTimeoutError('the answer has not ended in time')), timeoutMs);
  }

  protected override onHead(status: number, headers: IncomingHttpHeaders): void {
    this.status = status;
    this.headers = headers;
  }

  protected override onData(chunk: Buffer): void {
    this.size += chunk.length;
    const { maxBytes } = this.options;
    if (this.size > maxBytes) throw new OversizedAnswerError(`the answer has more than ${maxBytes} bytes`);
    this.chunks.push(chunk);
  }

  protected override onEnd(trailers: IncomingHttpHeaders): void {
    const body = Buffer.concat(this.chunks, this.size);
    const answer = this.options.translate({ status: this.status, headers: this.headers, body, trailers });
    this.give(answer.status, answer.headers, answer.body);
  }

  protected override onOver(): void {
    clearTimeout(this.timer);
  }
}
