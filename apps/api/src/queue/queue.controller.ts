import type { QueueDesk } from '#queues';
import {
  type ServiceContext,
  listQueuedJobs,
  pauseQueue,
  readQueues,
  resumeQueue,
  retryQueuedJob,
  retryQueuedJobs,
} from '#services';
import { Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers, AnswersNothing } from '../contract/answers.decorator.js';
import { QUEUE_DESK, SERVICE_CONTEXT } from '../tokens.js';
import { jobId, queueList, queueName, queuedJobList, queuedJobsQuery } from './queue.schema.js';

@ApiTags('Operation')
@ForStaff('operator')
@Controller('api/v1/operator/queues')
export class QueueController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(QUEUE_DESK) private readonly desk: QueueDesk,
  ) {}

  @Get()
  @Answers(queueList, { summary: 'The queues, what is in them, and since when' })
  async listQueues(): Promise<z.input<typeof queueList>> {
    return { backEnd: this.desk.backEnd, queues: await readQueues(this.context, this.desk) };
  }

  @Get(':queue/jobs')
  @Answers(queuedJobList, { summary: 'Jobs of a queue, with why their last try failed' })
  async listQueuedJobs(
    @Param('queue', { schema: queueName }) queue: string,
    @Query({ schema: queuedJobsQuery }) { state, limit }: z.output<typeof queuedJobsQuery>,
  ): Promise<z.input<typeof queuedJobList>> {
    return { jobs: await listQueuedJobs(this.desk, { queue, state, limit }) };
  }

  @Post(':queue/jobs/:jobId/retry')
  @AnswersNothing({
    summary: 'Try a job that failed again now',
    description: 'Without it the job is tried again by itself, half a minute after the last try at most.',
  })
  async retryQueuedJob(
    @Param('queue', { schema: queueName }) queue: string,
    @Param('jobId', { schema: jobId }) id: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<void> {
    await retryQueuedJob(this.context, this.desk, { queue, jobId: id, actor });
  }

  @Post(':queue/retry')
  @AnswersNothing({ summary: 'Try all jobs of a queue that failed again now' })
  async retryQueuedJobs(
    @Param('queue', { schema: queueName }) queue: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<void> {
    await retryQueuedJobs(this.context, this.desk, { queue, actor });
  }

  @Post(':queue/pause')
  @AnswersNothing({
    summary: 'Let nobody take jobs of a queue',
    description: 'Nothing is lost: what is decided on waits. Not for queues that would grow without end.',
  })
  async pauseQueue(
    @Param('queue', { schema: queueName }) queue: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<void> {
    await pauseQueue(this.context, this.desk, { queue, actor });
  }

  @Post(':queue/resume')
  @AnswersNothing({ summary: 'Let jobs of a paused queue be taken again' })
  async resumeQueue(
    @Param('queue', { schema: queueName }) queue: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<void> {
    await resumeQueue(this.context, this.desk, { queue, actor });
  }
}
