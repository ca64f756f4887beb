import type { ConcurrencyDefinition, LimitScope, RateLimitDefinition } from './rate-limit-definition.js';
import type { PlanFault } from './plan-fault.js';
import { limitFaults, nameFaults } from './validate-limit.js';

const maxWindowSeconds = 86_400;
/** A field name as RFC 9110 §5.1 has it, of a length that does not burden a counter's key. */
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;
/** Fields that carry keys or are of one hop only. */
const UNFIT_FIELDS = new Set(['authorization', 'connection', 'cookie', 'host', 'proxy-authorization', 'x-api-key']);

export function rateLimitFaults(limit: RateLimitDefinition, path: string): PlanFault[] {
  return [
    ...nameFaults(limit.name, `${path}.name`),
    ...limitFaults(limit.limit, `${path}.limit`),
    ...windowFaults(limit.windowSeconds, `${path}.windowSeconds`),
    ...scopeFaults(limit, path),
    ...burstFaults(limit, `${path}.burst`),
  ];
}

export function concurrencyFaults(concurrency: ConcurrencyDefinition, path: string): PlanFault[] {
  return [...limitFaults(concurrency.limit, `${path}.limit`), ...scopeFaults(concurrency, path)];
}

function windowFaults(windowSeconds: number, path: string): PlanFault[] {
  if (Number.isInteger(windowSeconds) && windowSeconds >= 1 && windowSeconds <= maxWindowSeconds) return [];
  const message = `A window is a whole number of seconds from 1 to ${maxWindowSeconds} (a day); use a quota for longer ones.`;
  return [{ path, message }];
}

function scopeFaults(
  { scope, header }: { scope?: LimitScope | undefined; header?: string | undefined },
  path: string,
): PlanFault[] {
  if (scope !== 'header') {
    if (header === undefined) return [];
    return [{ path: `${path}.header`, message: 'A field name goes with the scope "header" only.' }];
  }
  if (header === undefined)
    return [{ path: `${path}.header`, message: 'The scope "header" needs the name of a field.' }];
  if (FIELD_NAME.test(header) && !UNFIT_FIELDS.has(header.toLowerCase())) return [];
  const message = `"${header}" is not a field name of at most 64 characters that tells callers apart and is no secret.`;
  return [{ path: `${path}.header`, message }];
}

function burstFaults({ burst, algorithm, windowSeconds }: RateLimitDefinition, path: string): PlanFault[] {
  if (burst === undefined) return [];
  if (algorithm !== 'gcra') return [{ path, message: 'A burst goes with the algorithm "gcra" only.' }];
  const most = Math.floor(Number.MAX_SAFE_INTEGER / (Math.max(windowSeconds, 1) * 1000));
  if (Number.isInteger(burst) && burst >= 1 && burst <= most) return [];
  return [{ path, message: `A burst is a whole number from 1 to ${most} for this window.` }];
}
