import type { CorsPolicy } from './cors-policy.js';
import type { OriginPolicy } from './origin-policy.js';

/**
 * What a publisher fixes for the traffic of one API version, beside its upstream: one section for each policy, each in a
 * file of its own beside this one. A section that is absent is off.
 */
export interface VersionPolicies {
  readonly cors?: CorsPolicy | undefined;
  readonly origins?: OriginPolicy | undefined;
}
