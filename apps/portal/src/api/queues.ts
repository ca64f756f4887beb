import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';
import type { JobState } from './types.js';

/** Every queue, and what is in it. */
export const queuesQuery = queryOptions({
  queryKey: ['operator', 'queues'],
  queryFn: () => answerOf(client.GET('/api/v1/operator/queues')),
});

/** Jobs of a queue in a state, those that are there longest first. */
export const queuedJobsQuery = (queue: string, state: JobState) =>
  queryOptions({
    queryKey: ['operator', 'queues', queue, state],
    queryFn: () =>
      answerOf(client.GET('/api/v1/operator/queues/{queue}/jobs', { params: { path: { queue }, query: { state } } })),
  });

/** Has a job that failed tried again now. */
export function retryJob(queue: string, jobId: string) {
  return answerOf(
    client.POST('/api/v1/operator/queues/{queue}/jobs/{jobId}/retry', { params: { path: { queue, jobId } } }),
  );
}

/** The same for all of a queue. */
export function retryJobs(queue: string) {
  return answerOf(client.POST('/api/v1/operator/queues/{queue}/retry', { params: { path: { queue } } }));
}

export function pauseQueue(queue: string) {
  return answerOf(client.POST('/api/v1/operator/queues/{queue}/pause', { params: { path: { queue } } }));
}

export function resumeQueue(queue: string) {
  return answerOf(client.POST('/api/v1/operator/queues/{queue}/resume', { params: { path: { queue } } }));
}
