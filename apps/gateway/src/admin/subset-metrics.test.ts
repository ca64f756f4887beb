import { expect, it } from 'vitest';
import type { ApiVersionEntry } from '../snapshot/catalog.js';
import { mergeMetrics } from '../supervisor/merge-metrics.js';
import { SubsetMetrics } from './subset-metrics.js';

const version = (id: string) => ({ id, basePath: `/${id}` }) as ApiVersionEntry;

it('counts the answers of each subset of a version, and how long they took', () => {
  const metrics = new SubsetMetrics();
  expect(metrics.text()).toBe('');
  metrics.count(version('a'), 'stable', 200, 4);
  metrics.count(version('a'), 'canary', 200, 40);
  metrics.count(version('a'), 'canary', 503, null);
  const text = metrics.text();
  const labels = (subset: string) => `api_version="a",base_path="/a",subset="${subset}"`;
  for (const line of [
    `tollgate_gateway_subset_requests_total{${labels('stable')},status="2xx"} 1`,
    `tollgate_gateway_subset_requests_total{${labels('canary')},status="5xx"} 1`,
    `tollgate_gateway_subset_upstream_seconds_bucket{${labels('canary')},le="0.025"} 0`,
    `tollgate_gateway_subset_upstream_seconds_bucket{${labels('canary')},le="0.05"} 1`,
    `tollgate_gateway_subset_upstream_seconds_count{${labels('canary')}} 1`,
  ])
    expect(text.split('\n')).toContain(line);
  const merged = mergeMetrics([
    { gateway: '1', text },
    { gateway: '2', text },
  ]);
  expect(merged.match(/^# TYPE /gm)).toHaveLength(2);
  expect(merged).toContain(`tollgate_gateway_subset_requests_total{gateway="2",${labels('stable')},status="2xx"} 1`);
});

it('has no more than a thousand of them, whatever they are named', () => {
  const metrics = new SubsetMetrics();
  for (let index = 0; index < 1_100; index++) metrics.count(version('a'), `subset-${index}`, 200, 1);
  metrics.count(version('b'), 'subset-0', 200, 1);
  const requests = metrics.text().match(/^tollgate_gateway_subset_requests_total\{.*$/gm)!;
  expect(requests).toHaveLength(1_001);
  expect(requests.at(-1)).toBe(
    'tollgate_gateway_subset_requests_total{api_version="other",base_path="other",subset="other",status="2xx"} 101',
  );
});
