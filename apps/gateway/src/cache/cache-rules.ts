import { type CachePolicy, type Route, selectsOperation } from '#domain';

/** What holds for the answers of one operation, made once when the snapshot loads. */
export interface CacheRules {
  readonly isShared: boolean;
  /** Null: answers that say nothing about their lifetime are not kept. */
  readonly ttlMs: number | null;
  readonly maxBodyBytes: number;
}

/** The rules of the first route that selects the operation; null when none does. */
export function compileCache(policy: CachePolicy | undefined, operation: Route): CacheRules | null {
  const route = policy?.routes.find(({ selector }) => selectsOperation(selector, operation));
  if (!route) return null;
  return {
    isShared: route.scope === 'shared',
    ttlMs: route.ttlSeconds === undefined ? null : route.ttlSeconds * 1000,
    maxBodyBytes: route.maxBodyBytes,
  };
}
