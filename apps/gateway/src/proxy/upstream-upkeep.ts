import type { TargetWatch } from '../discovery/target-watch.js';
import type { TargetWatches } from '../discovery/target-watches.js';
import type { Catalog, UpstreamEntry, UpstreamInUse } from '../snapshot/catalog.js';
import { DiscoveredTargets } from './targets/discovered-targets.js';
import type { HealthChecks } from './health-check/health-checks.js';
import type { UpstreamPools } from './upstream-pools.js';

/** How long a start waits for the first answers of sources of targets. */
const firstAnswersMs = 3_000;

export interface UpstreamUpkeepOptions {
  readonly pools: UpstreamPools;
  readonly checks: HealthChecks;
  readonly watches: TargetWatches;
}

/** What an upstream with found out or checked targets has, for the metrics. */
export interface UpstreamState {
  readonly inUse: UpstreamInUse;
  readonly targets: number;
  /** Of them, those that health checks leave out. */
  readonly unhealthy: number;
}

/**
 * Keeps in step with what upstreams there are, and where: connections and health checks are of targets that are in use, and nothing is
 * asked for that nobody needs.
 */
export class UpstreamUpkeep {
  private inUse: readonly UpstreamInUse[] = [];

  constructor(private readonly options: UpstreamUpkeepOptions) {}

  /** Goes by this catalogue from now on. */
  follow({ upstreams }: Pick<Catalog, 'upstreams'>): void {
    this.inUse = upstreams;
    const watched = upstreams.flatMap(({ upstream: { balancer } }) =>
      balancer instanceof DiscoveredTargets ? [balancer.known as TargetWatch] : [],
    );
    this.options.watches.keepOnly(new Set(watched));
    this.settle();
  }

  /** Sources and targets are asked from now on. */
  async start(): Promise<void> {
    this.options.checks.start();
    await this.options.watches.start(() => this.settle(), firstAnswersMs);
    this.settle();
  }

  /** There may be other targets than before. */
  settle(): void {
    const targets = this.inUse.flatMap(({ upstream }) => targetsOf(upstream));
    this.options.pools.keepOnly(targets);
    this.options.checks.keepOnly(targets);
  }

  /** Nothing is asked any more; requests go on. */
  stop(): void {
    this.options.watches.stop();
    this.options.checks.stop();
  }

  states(): readonly UpstreamState[] {
    const nowMs = performance.now();
    return this.inUse
      .filter(
        ({ upstream: { healthCheck, balancer } }) => healthCheck !== null || balancer instanceof DiscoveredTargets,
      )
      .map((inUse) => {
        const targets = targetsOf(inUse.upstream);
        const unhealthy = targets.filter((target) => this.options.checks.waitMs(target, nowMs) > 0);
        return { inUse, targets: targets.length, unhealthy: unhealthy.length };
      });
  }
}

function targetsOf(upstream: UpstreamEntry): readonly UpstreamEntry[] {
  return upstream.balancer === null ? [upstream] : upstream.balancer.all;
}
