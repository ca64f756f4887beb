import type { IncomingHttpHeaders } from 'node:http';
import { FrameReader, type GrpcOperation, type GrpcStatus, MalformedAnswerError } from '#translation';
import type { Dispatcher } from 'undici';
import { BrokenStreamError, GivenUpError } from '../../proxy/upstream-fault.js';
import { AnswerTranslator } from '../answer-translator.js';
import { type AnswerContext, fieldsFor } from '../translation.js';
import { problemAnswer, problemText } from '../upstream-problem.js';
import { grpcProblem, statusOfEnd, statusOfHead } from './grpc-problem.js';
import { type RowFormat, rowFormatFor } from './row-format.js';

/** So much JSON leaves together, if it comes together. */
const maxBatchChars = 16 * 1024;
/** Servers that fail at once often send a head first: so long it is waited whether a status follows, which is the better answer. */
const headGraceMs = 250;

/**
 * Reads the messages of a server's stream and tells them as lines or events, each as soon as it is whole. Its head leaves with the first
 * message, so that a stream that fails before has the status of its failure. While the client does not read, no more is translated than
 * has been asked for, however small the messages are.
 */
export class GrpcStreamReader extends AnswerTranslator {
  private readonly frames: FrameReader;
  private readonly format: RowFormat;
  private headers: IncomingHttpHeaders = {};
  private timer: NodeJS.Timeout | undefined;
  /** The head has left. */
  private isBegun = false;
  /** The upstream has ended; its messages may not have left yet. */
  private trailers: IncomingHttpHeaders | null = null;

  constructor(
    taker: Dispatcher.DispatchHandler,
    private readonly operation: GrpcOperation,
    private readonly context: AnswerContext,
    private readonly allowed: ReadonlySet<string>,
  ) {
    super(taker);
    this.frames = new FrameReader(operation.maxMessageBytes);
    this.format = rowFormatFor(context.accept);
  }

  override resume(): void {
    this.paused = false;
    this.step(() => this.drain());
    if (!this.paused && !this.isOver) this.upstream?.resume();
  }

  protected override onHead(status: number, headers: IncomingHttpHeaders): void {
    this.headers = headers;
    const ended = statusOfHead(status, headers);
    if (ended !== null) return this.end(ended, {});
    this.timer = setTimeout(() => this.begin(), headGraceMs);
  }

  protected override onData(chunk: Buffer): void {
    this.frames.push(chunk);
    this.drain();
  }

  protected override onEnd(trailers: IncomingHttpHeaders): void {
    this.trailers = trailers;
    this.drain();
  }

  protected override onOver(): void {
    clearTimeout(this.timer);
  }

  /** Lets out what is there, as long as it is taken. */
  private drain(): void {
    while (!this.paused && !this.isOver) {
      const { rows, fault } = this.nextRows();
      if (rows !== '') {
        this.begin();
        if (!this.isOver) this.taker.onResponseData?.(this, Buffer.from(rows));
      }
      if (fault !== null) throw fault;
      if (rows === '') break;
    }
    if (this.trailers === null || this.paused || this.isOver) return;
    if (!this.frames.isEmpty) throw new MalformedAnswerError('the answer ended in the middle of a message');
    this.end(statusOfEnd(this.trailers), this.trailers);
  }

  /** What was read before a fault leaves before it. */
  private nextRows(): { readonly rows: string; readonly fault: Error | null } {
    let rows = '';
    try {
      while (rows.length < maxBatchChars) {
        const message = this.frames.next();
        if (message === null) break;
        rows += this.format.row(this.operation.bodyOf(message).bytes.toString('utf8'));
      }
    } catch (error) {
      return { rows, fault: error as Error };
    }
    return { rows, fault: null };
  }

  private begin(): void {
    if (this.isBegun || this.isOver) return;
    this.isBegun = true;
    clearTimeout(this.timer);
    const { contentType } = this.format;
    const own = { 'content-type': contentType, 'cache-control': 'no-cache', vary: 'accept' };
    this.taker.onResponseStart?.(this, 200, { ...fieldsFor(this.allowed, this.headers), ...own });
    if (this.context.method !== 'HEAD' || this.isOver) return;
    // Nobody would read the messages.
    this.complete({});
    this.upstream?.abort(new GivenUpError('the head is all that was asked for'));
  }

  private end(status: GrpcStatus, trailers: IncomingHttpHeaders): void {
    if (status.code === 0) {
      this.begin();
      return this.complete(fieldsFor(this.allowed, trailers));
    }
    const problem = grpcProblem(status);
    const { requestId } = this.context;
    if (this.isBegun) {
      const lastWords = Buffer.from(this.format.failure(problemText(problem, requestId)));
      return this.fail(new BrokenStreamError(`the stream ended with ${status.name}`, lastWords));
    }
    const answer = problemAnswer(problem, requestId);
    const allowed = fieldsFor(this.allowed, this.headers, trailers);
    this.give(answer.status, { ...allowed, ...answer.headers, vary: 'accept' }, answer.body);
    this.upstream?.abort(new GivenUpError('the head has said all'));
  }
}
