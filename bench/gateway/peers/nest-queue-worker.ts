// Takes the jobs of nest-queue.ts: one row for each call.
import { BullModule, Processor, WorkerHost } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { type Job } from 'bullmq';
import { Repository } from 'typeorm';
import { Call, database, redisConnection } from './nest-queue-shared.mjs';

@Processor('usage', { concurrency: 50 })
class CallProcessor extends WorkerHost {
  constructor(@InjectRepository(Call) private readonly calls: Repository<Call>) {
    super();
  }

  async process(job: Job): Promise<void> {
    await this.calls.insert(job.data);
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({ ...database, synchronize: false }),
    TypeOrmModule.forFeature([Call]),
    BullModule.forRoot({ connection: redisConnection }),
    BullModule.registerQueue({ name: 'usage' }),
  ],
  providers: [CallProcessor],
})
class WorkerModule {}

await NestFactory.createApplicationContext(WorkerModule, { logger: ['error'] });
