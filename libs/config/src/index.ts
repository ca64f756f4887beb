export { dunningPolicyOf } from './dunning-policy.js';
export * from './settings.js';
