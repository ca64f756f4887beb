export * from './catalog/plan-definition.js';
export * from './clock/clock.js';
export * from './id/uuid-v7.js';
export * from './problem/tollgate-error.js';
export * from './usage/usage-event.js';
