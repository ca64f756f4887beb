export * from './quota/postgres-quota-leases.js';
export * from './quota/quota-book.js';
export * from './quota/quota-hand.js';
export * from './quota/quota-leases.js';
export * from './rate-limit/sliding-window-limiter.js';
