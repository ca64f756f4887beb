export * from './job-definitions.js';
export * from './job-queue.js';
export * from './job-worker.js';
export * from './migrate-queue-schema.js';
export * from './queue-desk.js';
export * from './queue-error.js';
export * from './shown-payload.js';
export * from './segment-job.js';
