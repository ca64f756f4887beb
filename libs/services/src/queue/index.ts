export {
  type OperatedQueue,
  listQueuedJobs,
  pauseQueue,
  readQueues,
  resumeQueue,
  retryQueuedJob,
  retryQueuedJobs,
} from './operate-queues.js';
