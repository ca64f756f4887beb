import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { ControlPlaneRate } from './control-plane-rate.js';

/** Stands before everything that a handler does, and after the guard, which knows who asks. */
@Injectable()
export class RateLimitInterceptor implements NestInterceptor {
  constructor(@Inject(ControlPlaneRate) private readonly rate: ControlPlaneRate) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = execution.switchToHttp();
    this.rate.admitCaller(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), performance.now());
    return next.handle();
  }
}
