import type { TrafficColumns } from './series.js';

/** The kinds of answers that a chart of traffic tells apart, from the bottom of a bar to its top. */
export const trafficKinds = [
  { key: 'succeeded', label: 'Succeeded', color: '--tg-chart-ok' },
  { key: 'clientErrors', label: 'Client errors (4xx)', color: '--tg-chart-client' },
  { key: 'serverErrors', label: 'Server errors (5xx)', color: '--tg-chart-server' },
] as const satisfies readonly { key: keyof TrafficColumns; label: string; color: string }[];

/** Each column is the height of the bars up to and including its kind; the tallest first, as they are painted. */
export function stackedColumns({ succeeded, clientErrors, serverErrors }: TrafficColumns): readonly number[][] {
  const withClient = succeeded.map((count, index) => count + (clientErrors[index] ?? 0));
  const withServer = withClient.map((count, index) => count + (serverErrors[index] ?? 0));
  return [withServer, withClient, [...succeeded]];
}

/** The whole chart in a sentence, for those who do not see it. */
export function trafficSummary({ succeeded, clientErrors, serverErrors }: TrafficColumns, units: string): string {
  const sum = (column: readonly number[]) => column.reduce((total, count) => total + count, 0);
  const total = sum(succeeded) + sum(clientErrors) + sum(serverErrors);
  if (total === 0) return `No ${units} in this time.`;
  const number = (count: number) => count.toLocaleString('en-US');
  return (
    `${number(total)} ${units}: ${number(sum(succeeded))} succeeded, ` +
    `${number(sum(clientErrors))} with client errors, ${number(sum(serverErrors))} with server errors.`
  );
}
