import type { OriginPolicy } from '#domain';
import type { RequestHead } from '../request-head.js';
import { OriginMatcher } from './origin-matcher.js';

export type OriginVerdict = 'allowed' | 'missing' | 'not_allowed';

/** The origins that a version takes calls from, made once when the snapshot loads. */
export interface OriginRules {
  readonly matcher: OriginMatcher;
  readonly isRequired: boolean;
}

export function compileOrigins({ allow, isRequired }: OriginPolicy): OriginRules {
  return { matcher: new OriginMatcher(allow), isRequired };
}

/** Calls that name no origin are no browser's; they pass unless the policy wants one. */
export function admitOrigin({ matcher, isRequired }: OriginRules, head: RequestHead): OriginVerdict {
  const origin = head.valueOf('origin');
  if (origin === null) return isRequired ? 'missing' : 'allowed';
  return matcher.matches(origin) ? 'allowed' : 'not_allowed';
}
