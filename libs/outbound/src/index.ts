export * from './dns-lookup.js';
export * from './guarded-connector.js';
export * from './guarded-fetch.js';
export * from './outbound-address-error.js';
