// The gateway as it is written first in Nest: a guard that looks the key up in Redis, the throttler with its Redis
// storage, an interceptor that records each call, and http-proxy-middleware.
import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { ThrottlerStorageRedisService } from '@nest-lab/throttler-storage-redis';
import {
  All,
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Injectable,
  Module,
  type NestInterceptor,
  Next,
  Req,
  Res,
  UnauthorizedException,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { Redis } from 'ioredis';
import { readKeys } from './read-keys.mjs';

const { PORT, UPSTREAM, KEYS, REDIS_URL } = process.env;
const redis = new Redis(REDIS_URL!);
const hashOf = (key: string) => createHash('sha256').update(key).digest('hex');

@Injectable()
class KeyGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest();
    const key = request.headers['x-api-key'];
    const consumer = typeof key === 'string' ? await redis.get(`key:${hashOf(key)}`) : null;
    if (!consumer) throw new UnauthorizedException();
    delete request.headers['x-api-key'];
    request.consumer = consumer;
    return true;
  }
}

@Injectable()
class ConsumerThrottler extends ThrottlerGuard {
  protected override getTracker(request: { consumer: string }): Promise<string> {
    return Promise.resolve(request.consumer);
  }
}

@Injectable()
class UsageInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler) {
    const { consumer, method, path } = context.switchToHttp().getRequest();
    const response = context.switchToHttp().getResponse();
    const startedAt = performance.now();
    response.on('finish', () => {
      const event = { consumer, method, path, status: response.statusCode, ms: performance.now() - startedAt };
      void redis.rpush('usage', JSON.stringify(event));
    });
    return next.handle();
  }
}

const forward = createProxyMiddleware({ target: UPSTREAM!, xfwd: true });

@Controller()
@UseGuards(KeyGuard, ConsumerThrottler)
@UseInterceptors(UsageInterceptor)
class ProxyController {
  @All('*path')
  proxy(@Req() request: never, @Res() response: never, @Next() next: never): void {
    void forward(request, response, next);
  }
}

@Module({
  imports: [
    ThrottlerModule.forRoot({
      throttlers: [{ ttl: 60_000, limit: 6_000 }],
      storage: new ThrottlerStorageRedisService(new Redis(REDIS_URL!)),
    }),
  ],
  controllers: [ProxyController],
})
class GatewayModule {}

const batch = redis.pipeline();
for (const [key, consumer] of readKeys(KEYS!)) batch.set(`key:${hashOf(key)}`, consumer);
await batch.exec();
const app = await NestFactory.create(GatewayModule, { logger: ['error'], bodyParser: false });
await app.listen(Number(PORT), '127.0.0.1');
