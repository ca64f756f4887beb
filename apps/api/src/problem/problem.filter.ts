import type { Logger } from '#observability';
import { RequestUnderWayError } from '#services';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TooManyRequestsError } from './request-error.js';
import { sentRefusal } from './sent-refusal.js';
import { toProblem } from './to-problem.js';

/** Answers every error as a problem document; what is our fault goes to the log with its cause. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = toProblem(error, request.id);
    if (problem.status >= 500) this.logger.error({ err: error, requestId: request.id }, 'a request failed');
    if (reply.sent) return;
    if (error instanceof TooManyRequestsError || error instanceof RequestUnderWayError) {
      void reply.header('retry-after', String(error.retryAfterSeconds));
    }
    const { status, headers, body } = sentRefusal(problem, request);
    void reply
      .status(status)
      .headers({ ...headers, 'cache-control': 'no-store' })
      .send(body);
  }
}
