export * from './quota/postgres-quota-leases.js';
export * from './quota/quota-book.js';
export * from './quota/quota-hand.js';
export * from './quota/quota-leases.js';
export * from './rate-limit/local-window.js';
export * from './rate-limit/rate-rule.js';
export * from './rate-limit/rate-window.js';
