export { dunningPolicyOf } from './dunning-policy.js';
export * from './settings.js';
export { softwareVersion } from './software-version.js';
