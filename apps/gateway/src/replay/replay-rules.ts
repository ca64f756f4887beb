import { type IdempotencyPolicy, type Route, selectsOperation } from '#domain';

const METHODS = new Set(['POST', 'PATCH']);

/** The policy, when it holds for the operation; null when that is called as often as it is asked for. */
export function replayRulesOf(policy: IdempotencyPolicy | undefined, operation: Route): IdempotencyPolicy | null {
  if (!policy || !METHODS.has(operation.method)) return null;
  return policy.operations.some((selector) => selectsOperation(selector, operation)) ? policy : null;
}
