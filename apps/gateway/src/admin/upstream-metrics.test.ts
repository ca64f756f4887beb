import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import type { UpstreamState } from '../proxy/upstream-upkeep.js';
import { registerUpstreamMetrics } from './upstream-metrics.js';

const state = (id: string, subset: string | null, targets: number, unhealthy: number) =>
  ({ inUse: { version: { id, basePath: `/${id}` }, upstream: { subset } }, targets, unhealthy }) as UpstreamState;

it('shows the targets of upstreams, where they are found out, and no more than a thousand', async () => {
  const registry = new Registry();
  let states = [state('a', null, 3, 1), state('b', 'canary', 2, 2)];
  registerUpstreamMetrics(registry, {
    upstreamStates: () => states,
    uncheckedTargets: () => 4,
    targetSources: () => [
      { name: 'a orders.test', fault: null, failures: 2 },
      { name: 'file orders.yaml', fault: 'gone', failures: 7 },
      { name: 'file orders.yaml', fault: null, failures: 1 },
    ],
  });
  const text = await registry.metrics();
  for (const line of [
    'tollgate_gateway_upstream_targets{api_version="a",base_path="/a",subset=""} 3',
    'tollgate_gateway_upstream_unhealthy_targets{api_version="b",base_path="/b",subset="canary"} 2',
    'tollgate_gateway_unchecked_targets 4',
    'tollgate_gateway_discovery_failing{source="a orders.test"} 0',
    'tollgate_gateway_discovery_failing{source="file orders.yaml"} 1',
    'tollgate_gateway_discovery_failures_total{source="file orders.yaml"} 8',
  ])
    expect(text.split('\n')).toContain(line);
  states = Array.from({ length: 1_002 }, (_, index) => state(`v${index}`, null, 2, 1));
  const series = (await registry.metrics()).match(/^tollgate_gateway_upstream_targets\{.*$/gm)!;
  expect(series).toHaveLength(1_001);
  expect(series.at(-1)).toBe(
    'tollgate_gateway_upstream_targets{api_version="other",base_path="other",subset="other"} 4',
  );
});
