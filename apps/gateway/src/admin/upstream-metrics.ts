import { Counter, Gauge, type Registry } from 'prom-client';
import type { TargetWatch } from '../discovery/target-watch.js';
import type { UpstreamState } from '../proxy/upstream-upkeep.js';

/** What the metrics of upstreams ask for when they are read. */
export interface UpstreamReadings {
  /** Of upstreams whose targets are found out, or checked. */
  upstreamStates(): readonly UpstreamState[];
  /** Targets that want a health check and have none, as there are too many. */
  uncheckedTargets(): number;
  /** Where targets are found out. */
  targetSources(): readonly Pick<TargetWatch, 'name' | 'fault' | 'failures'>[];
}

/** Upstreams beyond so many are counted together. */
const maxUpstreams = 1_000;
const labelNames = ['api_version', 'base_path', 'subset'] as const;

/** Adds how the targets of upstreams are, as far as they are asked or asked for. */
export function registerUpstreamMetrics(registry: Registry, readings: UpstreamReadings): void {
  const gauge = (name: string, help: string, valueOf: (state: UpstreamState) => number): void => {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        const [shown, others] = split(readings.upstreamStates());
        for (const state of shown) {
          const { version, upstream } = state.inUse;
          const labels = { api_version: version.id, base_path: version.basePath, subset: upstream.subset ?? '' };
          this.set(labels, valueOf(state));
        }
        for (const state of others)
          this.inc({ api_version: 'other', base_path: 'other', subset: 'other' }, valueOf(state));
      },
    });
  };
  gauge(
    'tollgate_gateway_upstream_targets',
    'Targets of an upstream that are found out, or asked whether they are well; none is a cause for alarm.',
    ({ targets }) => targets,
  );
  gauge(
    'tollgate_gateway_upstream_unhealthy_targets',
    'Of these, those that health checks leave out; all of them is a cause for alarm.',
    ({ unhealthy }) => unhealthy,
  );
  new Gauge({
    name: 'tollgate_gateway_unchecked_targets',
    help: 'Targets that are not asked whether they are well, as there are too many; a cause for alarm.',
    registers: [registry],
    collect() {
      this.set(readings.uncheckedTargets());
    },
  });
  new Gauge({
    name: 'tollgate_gateway_discovery_failing',
    help: '1 while the targets of an upstream cannot be found out, and those known last stay; a cause for alarm.',
    labelNames: ['source'],
    registers: [registry],
    collect() {
      this.reset();
      // Several may ask for one name, each with bounds of its own: one that fails is enough.
      for (const { name, fault } of readings.targetSources()) {
        if (fault === null) this.inc({ source: name }, 0);
        else this.set({ source: name }, 1);
      }
    },
  });
  new Counter({
    name: 'tollgate_gateway_discovery_failures_total',
    help: 'Look-ups of targets that failed, or had an empty answer.',
    labelNames: ['source'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { name, failures } of readings.targetSources()) this.inc({ source: name }, failures);
    },
  });
}

function split(states: readonly UpstreamState[]): readonly [readonly UpstreamState[], readonly UpstreamState[]] {
  return [states.slice(0, maxUpstreams), states.slice(maxUpstreams)];
}
