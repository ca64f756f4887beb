export * from './fault-points.js';
export * from './faulty.js';
