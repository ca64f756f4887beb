export * from './archive-folder.js';
export * from './archive-read-error.js';
export * from './clickhouse-event-store.js';
export * from './file-event-store.js';
export * from './open-raw-event-stores.js';
export * from './raw-event-store.js';
export * from './row-digest.js';
