import type { Upstream } from './api.js';
import type { RetryPolicy } from './retry-policy.js';

/** What a header field must be, in Istio's words: one of these. */
export interface HeaderMatch {
  readonly exact?: string | undefined;
  readonly prefix?: string | undefined;
  /** For the whole value; takes time that is linear in it. */
  readonly regex?: string | undefined;
  readonly present?: boolean | undefined;
}

/** Calls that are all of what is named here; of a list, one. */
export interface CallMatch {
  /** By the name of the field; one of its values must be so. */
  readonly headers?: Readonly<Record<string, HeaderMatch>> | undefined;
  /** Slugs. */
  readonly organizations?: readonly string[] | undefined;
  /** As "organization/application": the slug and the name. */
  readonly applications?: readonly string[] | undefined;
  /** As "product/plan": the plan that pays for the call. Calls with test keys have none. */
  readonly plans?: readonly string[] | undefined;
}

/** The share of a subset in a split: its weight of all of them together. */
export interface SubsetShare {
  readonly subset: string;
  readonly weight: number;
}

export interface TrafficRule {
  /** Unique among the rules of an upstream. Where its applications end up in a split hangs on it, too. */
  readonly name: string;
  /** Alternatives: one is enough. */
  readonly match: readonly CallMatch[];
  readonly split: readonly SubsetShare[];
  /** What the version was written with, where the shares have been changed since; absent where they have not. */
  readonly writtenSplit?: readonly SubsetShare[] | undefined;
  /** Of its calls, in the place of the upstream's. */
  readonly retries?: RetryPolicy | undefined;
  readonly responseTimeoutMs?: number | undefined;
}

/** Which subset of an upstream's targets a call goes to. The first rule that matches decides. */
export interface TrafficPolicy {
  readonly rules: readonly TrafficRule[];
  /** Of the calls that no rule matches; empty where these are refused. */
  readonly defaultSplit: readonly SubsetShare[];
  /** As `writtenSplit` of a rule. */
  readonly writtenDefaultSplit?: readonly SubsetShare[] | undefined;
}

/** The organizations and applications that the rules of these upstreams name, each once. */
export function consumersNamedIn(upstreams: readonly (Pick<Upstream, 'traffic'> | null)[]): {
  readonly organizations: readonly string[];
  readonly applications: readonly string[];
} {
  const matches = upstreams.flatMap((upstream) => upstream?.traffic?.rules ?? []).flatMap(({ match }) => match);
  return {
    organizations: [...new Set(matches.flatMap(({ organizations = [] }) => organizations))],
    applications: [...new Set(matches.flatMap(({ applications = [] }) => applications))],
  };
}
