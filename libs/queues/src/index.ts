export * from './segment-job.js';
