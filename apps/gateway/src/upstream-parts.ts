import { randomInt } from 'node:crypto';
import { TargetWatches } from './discovery/target-watches.js';
import type { GatewayOptions } from './gateway-options.js';
import { HealthChecks } from './proxy/health-check/health-checks.js';
import { UpstreamPools } from './proxy/upstream-pools.js';
import { UpstreamUpkeep } from './proxy/upstream-upkeep.js';

/** What a gateway knows of upstreams and their targets. */
export interface UpstreamParts {
  readonly pools: UpstreamPools;
  readonly checks: HealthChecks;
  readonly watches: TargetWatches;
  readonly upkeep: UpstreamUpkeep;
}

export function upstreamParts(options: GatewayOptions): UpstreamParts {
  const { log, allowsPrivateUpstreams: allowsPrivate } = options;
  const random = (): number => randomInt(2 ** 32) / 2 ** 32;
  const pools = new UpstreamPools(allowsPrivate);
  const checks = new HealthChecks(pools, log, random);
  const watches = new TargetWatches({
    folder: options.upstreamTargetsFolder,
    nameServers: options.upstreamNameServers,
    allowsPrivate,
    log,
    random,
  });
  return { pools, checks, watches, upkeep: new UpstreamUpkeep({ pools, checks, watches }) };
}
