import type { AuthenticationPolicy } from './authentication-policy.js';
import type { CachePolicy } from './cache-policy.js';
import type { BillableWhenRule } from './billable-when.js';
import type { CorsPolicy } from './cors-policy.js';
import type { IdempotencyPolicy } from './idempotency-policy.js';
import type { LimitHeadersPolicy } from './limit-headers-policy.js';
import type { OriginPolicy } from './origin-policy.js';
import type { SizePolicy } from './size-policy.js';
import type { AddressRulesDefinition } from '../address/address-rules.js';
import type { Upstream } from './api.js';
import type { MockPolicy } from './mock-policy.js';
import type { ValidationPolicy } from './validation-policy.js';
import type { TransformationDefinition } from '../transformation/transformation-definition.js';
import type { TranslationPolicy } from '../translation/translation-policy.js';
import type { TransportPolicy } from './transport-policy.js';

/**
 * What a publisher fixes for the traffic of one API version, beside its upstream: one section for each policy, each in a
 * file of its own beside this one. A section that is absent is off, or has the default that its file names.
 */
export interface VersionPolicies {
  readonly authentication?: AuthenticationPolicy | undefined;
  readonly cache?: CachePolicy | undefined;
  readonly billableWhen?: readonly BillableWhenRule[] | undefined;
  readonly cors?: CorsPolicy | undefined;
  readonly idempotency?: IdempotencyPolicy | undefined;
  readonly limits?: LimitHeadersPolicy | undefined;
  readonly origins?: OriginPolicy | undefined;
  readonly sizes?: SizePolicy | undefined;
  readonly addresses?: AddressRulesDefinition | undefined;
  readonly validation?: ValidationPolicy | undefined;
  readonly mock?: MockPolicy | undefined;
  /** Where calls with test keys go; none of the upstream's credentials is sent there. */
  readonly testUpstream?: Upstream | undefined;
  readonly transformations?: readonly TransformationDefinition[] | undefined;
  readonly translation?: TranslationPolicy | undefined;
  readonly transport?: TransportPolicy | undefined;
}
