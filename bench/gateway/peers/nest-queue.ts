// The gateway as the documentation of Nest leads one to write it: a guard that looks the key up with TypeORM in Postgres,
// the throttler with its Redis storage, an interceptor that adds one BullMQ job for each call, and http-proxy-middleware.
import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { ThrottlerStorageRedisService } from '@nest-lab/throttler-storage-redis';
import { BullModule, InjectQueue } from '@nestjs/bullmq';
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
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { Queue } from 'bullmq';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { Redis } from 'ioredis';
import { Repository } from 'typeorm';
import { ApiKey, database, redisConnection } from './nest-queue-shared.mjs';
import { readKeys } from './read-keys.mjs';

const { PORT, UPSTREAM, KEYS, REDIS_URL } = process.env;
const hashOf = (key: string) => createHash('sha256').update(key).digest('hex');

@Injectable()
class KeyGuard implements CanActivate {
  constructor(@InjectRepository(ApiKey) private readonly keys: Repository<ApiKey>) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest();
    const key = request.headers['x-api-key'];
    const known = typeof key === 'string' ? await this.keys.findOneBy({ hash: hashOf(key) }) : null;
    if (!known) throw new UnauthorizedException();
    delete request.headers['x-api-key'];
    request.consumer = known.consumer;
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
  constructor(@InjectQueue('usage') private readonly queue: Queue) {}

  intercept(context: ExecutionContext, next: CallHandler) {
    const { consumer, method, path } = context.switchToHttp().getRequest();
    const response = context.switchToHttp().getResponse();
    const startedAt = performance.now();
    response.on('finish', () => {
      const call = { consumer, method, path, status: response.statusCode, ms: performance.now() - startedAt };
      void this.queue.add('call', call, { removeOnComplete: true });
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
    TypeOrmModule.forRoot(database),
    TypeOrmModule.forFeature([ApiKey]),
    BullModule.forRoot({ connection: redisConnection }),
    BullModule.registerQueue({ name: 'usage' }),
    ThrottlerModule.forRoot({
      throttlers: [{ ttl: 60_000, limit: 6_000 }],
      storage: new ThrottlerStorageRedisService(new Redis(REDIS_URL!)),
    }),
  ],
  controllers: [ProxyController],
})
class GatewayModule {}

const app = await NestFactory.create(GatewayModule, { logger: ['error'], bodyParser: false });
const rows = [...readKeys(KEYS!)].map(([key, consumer]) => ({ hash: hashOf(key), consumer }));
const keys = app.get<Repository<ApiKey>>(`${ApiKey.name}Repository`);
for (let done = 0; done < rows.length; done += 1_000) await keys.insert(rows.slice(done, done + 1_000));
await app.listen(Number(PORT), '127.0.0.1');
