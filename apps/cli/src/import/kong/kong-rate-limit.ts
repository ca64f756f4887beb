import { shown } from '../import-report.js';
import type { KongPlugin } from './kong-plugin.js';

const WINDOWS = [
  ['second', 1],
  ['minute', 60],
  ['hour', 3_600],
  ['day', 86_400],
] as const;

/** The part of a plan that the plugin rate-limiting is. */
export interface ImportedLimits {
  readonly rateLimits: readonly Readonly<Record<string, unknown>>[];
  readonly withoutStore?: string;
}

/** Kong counts in windows that begin with the minute, hour and so on; so does `fixed_window`. */
export function readRateLimiting({ config, place }: KongPlugin): ImportedLimits {
  const { report } = config;
  const policy = config.text('policy') ?? 'local';
  const isTolerant = config.truth('fault_tolerant') ?? true;
  const scope = scopeOf(config.text('limit_by') ?? 'consumer', config.text('header_name'));
  config.leaveOut('path', 'limits are not by path: selectors of operations, or an API of its own, tell paths apart.');
  const errorCode = config.count('error_code');
  if (errorCode !== undefined && errorCode !== 429)
    report.changed(config.at('error_code'), 'a full window is always a 429.');
  config.leaveOut('error_message', 'refusals are problem documents, in words of their own.');
  if (config.truth('hide_client_headers') === true)
    report.changed(
      config.at('hide_client_headers'),
      'callers are told their limits in RateLimit and RateLimit-Policy.',
    );
  for (const [key] of config.entries()) {
    if (/^redis(_|$)/.test(key))
      config.leaveOut(key, 'gateways have one store for all limits: REDIS_URL, or else Postgres.');
  }
  config.ignore('sync_rate');
  for (const key of ['month', 'year'])
    config.leaveOut(key, 'a window is at most a day: a quota of the plan counts the billing month.');
  const windows = WINDOWS.flatMap(([name, windowSeconds]) => {
    const limit = config.count(name);
    return limit === undefined || limit === 0 ? [] : [{ name, limit, windowSeconds }];
  });
  config.leaveRest();
  if (scope === null) {
    report.leftOut(
      config.at('limit_by'),
      'limits are by consumer, credential, ip or header, never for all callers together; so this limit is left out.',
    );
    return { rateLimits: [] };
  }
  if (scope['scope'] === 'ip' || scope['scope'] === 'header')
    report.changed(config.at('limit_by'), 'counted for each subscription apart, not for all consumers together.');
  if (windows.length === 0) report.leftOut(place, 'it has no limit of a second, minute, hour or day.');
  const isShared = policy !== 'local';
  if (policy === 'cluster') report.changed(config.at('policy'), 'cluster: counted in the shared store, as for redis.');
  return {
    rateLimits: windows.map((window) => ({
      ...window,
      algorithm: 'fixed_window',
      policy: isShared ? 'shared' : 'local',
      ...scope,
    })),
    ...(isShared && windows.length > 0 && { withoutStore: isTolerant ? 'fail_open' : 'fail_closed' }),
  };
}

function scopeOf(limitBy: string, header: string | undefined): Record<string, string> | null {
  switch (limitBy) {
    case 'consumer':
      return { scope: 'application' };
    case 'credential':
      return { scope: 'key' };
    case 'ip':
      return { scope: 'ip' };
    case 'header':
      return header === undefined || shown(header).startsWith('"') ? null : { scope: 'header', header };
    default:
      return null;
  }
}
