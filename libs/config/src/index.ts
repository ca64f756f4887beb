export { dunningPolicyOf } from './dunning-policy.js';
export * from './effective-settings.js';
export * from './settings.js';
export { repositoryRoot } from './repository-root.js';
export { softwareVersion } from './software-version.js';
