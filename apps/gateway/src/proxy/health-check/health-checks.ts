import type { Logger } from '#observability';
import type { UpstreamEntry } from '../../snapshot/catalog.js';
import { type UpstreamPools, placeOf, targetName } from '../upstream-pools.js';
import { HealthCheck } from './health-check.js';

/** More targets are not asked: each is a question every few seconds. */
const maxChecks = 1_000;

/** The health checks of all targets of upstreams that want some, each once, from catalogue to catalogue. */
export class HealthChecks {
  /** Of those with the same place and policy there is one. */
  private readonly byKey = new Map<string, HealthCheck>();
  private byTarget = new WeakMap<UpstreamEntry, HealthCheck>();
  private isStopped = true;
  private left = 0;

  constructor(
    private readonly pools: Pick<UpstreamPools, 'poolOf'>,
    private readonly log: Logger,
    /** Between 0 and 1. */
    private readonly random: () => number,
  ) {}

  /** How many there are. */
  get size(): number {
    return this.byKey.size;
  }

  /** Targets that want a check and have none, as there are too many. */
  get unchecked(): number {
    return this.left;
  }

  /** Milliseconds until a request to this target makes sense; 0 for now, and for one that is not checked. */
  waitMs(target: UpstreamEntry, nowMs: number): number {
    return this.byTarget.get(target)?.waitMs(nowMs) ?? 0;
  }

  start(): void {
    this.isStopped = false;
  }

  /** Checks these from now on, and no others. */
  keepOnly(targets: readonly UpstreamEntry[]): void {
    if (this.isStopped) return;
    const wanted = Map.groupBy(
      targets.filter(({ healthCheck }) => healthCheck !== null),
      keyOf,
    );
    for (const [key, check] of this.byKey) {
      if (wanted.has(key)) continue;
      check.stop();
      this.byKey.delete(key);
    }
    this.byTarget = new WeakMap();
    let left = 0;
    for (const [key, same] of wanted) {
      const check = this.byKey.get(key) ?? this.begin(key, same[0]!);
      if (check === null) left += same.length;
      else for (const target of same) this.byTarget.set(target, check);
      check?.renew(same[0]!);
    }
    if (left > 0 && this.left === 0)
      this.log.error(
        { targets: left, checked: maxChecks },
        'there are too many health checks: these targets have none',
      );
    this.left = left;
  }

  stop(): void {
    this.isStopped = true;
    for (const check of this.byKey.values()) check.stop();
    this.byKey.clear();
  }

  private begin(key: string, target: UpstreamEntry): HealthCheck | null {
    if (this.byKey.size >= maxChecks) return null;
    const check = new HealthCheck(target, target.healthCheck!, {
      poolOf: (one) => this.pools.poolOf(one),
      onTurn: (one, isHealthy, reason) => this.tell(one, isHealthy, reason),
      random: this.random,
    });
    this.byKey.set(key, check);
    return check;
  }

  private tell(target: UpstreamEntry, isHealthy: boolean, reason: string): void {
    const details = { target: targetName(target), path: target.healthCheck?.path, reason };
    if (isHealthy) this.log.info(details, 'a target is healthy again');
    else this.log.warn(details, 'a target is unhealthy: it gets no calls');
  }
}

function keyOf(target: UpstreamEntry): string {
  return `${placeOf(target)} ${JSON.stringify(target.healthCheck)}`;
}
