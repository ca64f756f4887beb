import type { EncryptionKey } from '#domain';
import {
  type ServiceContext,
  answerIdempotentRequest,
  claimIdempotentRequest,
  releaseIdempotentRequest,
} from '#services';
import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  type RawBodyRequest,
  StreamableFile,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Observable, from, lastValueFrom } from 'rxjs';
import { callerOf } from '../access/caller.js';
import { toProblem } from '../problem/to-problem.js';
import { type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { idempotencyKeyIn } from './idempotency-key.js';

/** What of an answer's head belongs to it. */
const KEPT_FIELDS = ['etag', 'location', 'content-type', 'content-disposition'];

type Claim = Extract<Awaited<ReturnType<typeof claimIdempotentRequest>>, { kind: 'first' }>['claim'];

/**
 * Answers a POST that comes again with its Idempotency-Key as it was answered the first time, within a day, for everybody who is
 * signed in or sends a token. It stands around the schema of the answer, so that no more is kept than was sent.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly encryptionKeys: readonly EncryptionKey[];

  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) settings: ApiSettings,
  ) {
    this.encryptionKeys = settings.ENCRYPTION_KEYS;
  }

  async intercept(execution: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = execution.switchToHttp();
    const request = http.getRequest<RawBodyRequest<FastifyRequest>>();
    const caller = request.method === 'POST' ? callerOf(request) : null;
    const key = caller && idempotencyKeyIn(request.headers['idempotency-key']);
    if (!caller || key === null) return next.handle();
    const outcome = await claimIdempotentRequest(
      this.context,
      {
        userId: caller.userId,
        key,
        method: request.method,
        address: request.url,
        body: request.rawBody ?? Buffer.alloc(0),
      },
      this.encryptionKeys,
    );
    const reply = http.getResponse<FastifyReply>();
    if (outcome.kind === 'first') return from(this.answerFirst(outcome.claim, request.id, reply, next));
    const { headers, body } = outcome.answer;
    void reply.headers({ ...headers, 'idempotency-replayed': 'true' });
    return from([body === '' ? undefined : (JSON.parse(body) as unknown)]);
  }

  private async answerFirst(claim: Claim, requestId: string, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    let result: unknown;
    try {
      result = await lastValueFrom(next.handle(), { defaultValue: undefined });
    } catch (error) {
      const { status } = toProblem(error, requestId);
      // What failed on our side may have been done in part; it is never done again with the key.
      if (status === 500) await this.keep(claim, 500, reply, undefined);
      else await releaseIdempotentRequest(this.context, claim);
      throw error;
    }
    // What is no JSON is not kept, so it is made anew when it is asked for again.
    if (reply.sent || result instanceof StreamableFile) await releaseIdempotentRequest(this.context, claim);
    else await this.keep(claim, reply.statusCode, reply, result);
    return result;
  }

  private keep(claim: Claim, status: number, reply: FastifyReply, result: unknown): Promise<void> {
    const headers = Object.fromEntries(
      KEPT_FIELDS.flatMap((name): [string, string][] => {
        const value = reply.getHeader(name);
        return typeof value === 'string' ? [[name, value]] : [];
      }),
    );
    const body = result === undefined ? '' : JSON.stringify(result);
    return answerIdempotentRequest(this.context, claim, { status, headers, body }, this.encryptionKeys);
  }
}
