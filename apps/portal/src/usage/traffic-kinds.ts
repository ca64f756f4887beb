import type { ChartColumns } from './chart-bands.js';
import type { TrafficColumns } from './series.js';

/** The kinds of answers that a chart of traffic tells apart, from the bottom of a bar to its top. */
const trafficKinds = [
  { key: 'succeeded', label: 'Succeeded', color: '--tg-chart-ok' },
  { key: 'clientErrors', label: 'Client errors (4xx)', color: '--tg-chart-client' },
  { key: 'serverErrors', label: 'Server errors (5xx)', color: '--tg-chart-server' },
] as const satisfies readonly { key: keyof TrafficColumns; label: string; color: string }[];

/** Traffic as a chart shows it. */
export function trafficChart(columns: TrafficColumns): ChartColumns {
  return {
    atSeconds: columns.atSeconds,
    bands: trafficKinds.map((kind) => ({ ...kind, counts: columns[kind.key] })),
  };
}
