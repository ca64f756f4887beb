import type { Registry } from 'prom-client';
import { GatewayMetrics } from '../../../apps/gateway/src/admin/gateway-metrics.js';
import { MetricsService } from '../../../apps/worker/src/runtime/metrics.service.js';

/** Every metric of gateway and worker, with what is said of it. */
export async function exposed(): Promise<ReadonlyMap<string, string>> {
  const text = (await aGateway().text()) + (await new MetricsService().registry.metrics());
  return new Map([...text.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name, help]) => [name!, help!] as const));
}

/** The labels of each of them, but for the histograms of gateways, which have none. */
export function labelsOf(): ReadonlyMap<string, readonly string[]> {
  const { registry } = aGateway() as unknown as { readonly registry: Registry };
  const metrics = [registry, new MetricsService().registry].flatMap((one) => one.getMetricsAsArray());
  return new Map(
    (metrics as unknown as { name: string; labelNames: string[] }[]).map(({ name, labelNames }) => [name, labelNames]),
  );
}

function aGateway(): GatewayMetrics {
  const gateway = new GatewayMetrics();
  gateway.readFrom({
    snapshotNumber: () => 0,
    snapshotAgeSeconds: () => 0,
    clockDifferenceMs: () => 0,
    clockLeadMs: () => 0,
    openRequests: () => 0,
    openWebSockets: () => 0,
    unacknowledgedSegments: () => 0,
    heldSegments: () => 0,
    journalIsWriting: () => 1,
    rateStoreIsThere: () => 1,
    journalFiles: async () => ({ bytes: 0, oldestSeconds: 0 }),
    journalDisk: () => null,
    quotaLeases: () => 0,
    decisions: () => ({ openCount: 0, counts: { reports: {}, unreported: 0, lost: 0 } }),
    droppedLogLines: () => 0,
    droppedSpans: () => 0,
    lostTraffic: () => ({ crowdedOut: 0, unwritten: 0, refused: 0 }),
    upstreamStates: () => [],
    uncheckedTargets: () => 0,
    targetSources: () => [],
  });
  return gateway;
}
