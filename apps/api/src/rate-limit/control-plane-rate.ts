import { networkOf } from '#domain';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../access/caller.js';
import { TooManyRequestsError } from '../problem/request-error.js';
import { type ApiSettings, SETTINGS } from '../tokens.js';
import { RequestRate } from './request-rate.js';

/** From one network more may ask than one, and those whose credentials open nothing are counted with it. */
const NETWORK_SHARE = 5;
/** Signed by who sends them, and slowed down by nobody. */
const UNLIMITED = new Set(['/api/webhooks/stripe']);

/** How fast the routes below /api/ may be asked: by each person and address, in this process. */
@Injectable()
export class ControlPlaneRate {
  private readonly byCaller: RequestRate;
  private readonly byNetwork: RequestRate;
  private readonly policy: string;

  constructor(@Inject(SETTINGS) { API_RATE_LIMIT: perMinute }: Pick<ApiSettings, 'API_RATE_LIMIT'>) {
    this.byCaller = new RequestRate({ perMinute });
    this.byNetwork = new RequestRate({ perMinute: perMinute * NETWORK_SHARE });
    this.policy = `"control-plane";q=${perMinute};w=60`;
  }

  /**
   * Counts a request before anything is asked about it.
   * @throws TooManyRequestsError
   */
  admitNetwork(request: Pick<FastifyRequest, 'url' | 'ip'>, nowMs: number): void {
    if (!isLimited(request.url)) return;
    const { retryAfterSeconds } = this.byNetwork.take(networkOf(request.ip), nowMs);
    if (retryAfterSeconds > 0) throw new TooManyRequestsError(retryAfterSeconds);
  }

  /**
   * Counts a request for who asks, once that is known, and says in its answer what is left.
   * @throws TooManyRequestsError
   */
  admitCaller(request: FastifyRequest, reply: FastifyReply, nowMs: number): void {
    if (!isLimited(request.url)) return;
    const caller = callerOf(request);
    const name = caller ? `user ${caller.userId}` : `address ${networkOf(request.ip)}`;
    const { retryAfterSeconds, remaining, resetSeconds } = this.byCaller.take(name, nowMs);
    void reply.headers({
      'ratelimit-policy': this.policy,
      ratelimit: `"control-plane";r=${remaining};t=${resetSeconds}`,
    });
    if (retryAfterSeconds > 0) throw new TooManyRequestsError(retryAfterSeconds);
  }
}

function isLimited(url: string): boolean {
  return url.startsWith('/api/') && !UNLIMITED.has(url);
}
