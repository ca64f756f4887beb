import { type Mode, TRAFFIC_DAYS } from '#domain';
import { type Traffic, type TrafficSummary, apiVersionTraffic, productTraffic } from '#services';
import { parseOptions, required } from '../arguments.js';
import { parseDuration } from '../duration.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson } from '../output.js';
import { withSession } from '../session.js';

const WAYS = ['operation', 'subset', 'time'] as const;
type Way = (typeof WAYS)[number];

/** `tollgate traffic`: how many calls fail and how long they take, of a product or of a version of an API. */
export async function traffic(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    product: { type: 'string' },
    api: { type: 'string' },
    version: { type: 'string' },
    last: { type: 'string', default: '1h' },
    by: { type: 'string', default: 'operation' },
    mode: { type: 'string', default: 'live' },
    json: { type: 'boolean' },
  });
  const by = WAYS.find((way) => way === options.by);
  if (!by) throw new UsageError(`--by ${options.by}: expected ${WAYS.join(', ')}`);
  const minutes = Math.ceil(parseDuration(options.last, '--last') / 60);
  if (minutes < 1 || minutes > TRAFFIC_DAYS * 1_440)
    throw new UsageError(`--last ${options.last}: expected 1m to ${TRAFFIC_DAYS}d`);
  const groupBy = by === 'time' ? null : by;
  const question = { minutes, bucket: bucketFor(minutes), groupBy, limit: 50, mode: modeOf(options.mode) } as const;
  const { product } = options;
  if (product !== undefined && (options.api !== undefined || options.version !== undefined))
    throw new UsageError('give --product SLUG, or --api SLUG and --version NAME');
  const found = await withSession(({ context }) =>
    product === undefined
      ? apiVersionTraffic(context, {
          ...question,
          api: required(options.api, '--product SLUG, or --api SLUG and --version NAME,'),
          version: required(options.version, '--version'),
          publisherUserId: null,
        })
      : productTraffic(context, { ...question, product, publisherUserId: null }),
  );
  if (options.json) await printJson(found);
  else await print(describe(found, by));
  return EXIT.ok;
}

/** Spans of which there are no more than people can look at. */
function bucketFor(minutes: number): 'minute' | 'quarter' | 'hour' | 'day' {
  if (minutes <= 60) return 'minute';
  if (minutes <= 1_440) return 'quarter';
  return minutes <= 5 * 1_440 ? 'hour' : 'day';
}

function modeOf(text: string): Mode {
  if (text === 'live' || text === 'test') return text;
  throw new UsageError(`--mode ${text}: expected live or test`);
}

function describe({ from, to, total, groups, buckets }: Traffic, by: Way): string {
  const rows =
    by === 'time'
      ? buckets.map(({ at, ...summary }) => ({ label: at.toISOString(), summary }))
      : groups.map(({ label, ...summary }) => ({ label: label === '' ? '(none)' : label, summary }));
  const table = [
    [by, 'calls', '4xx', '5xx', 'p50 ms', 'p95 ms', 'p99 ms', 'upstream p95 ms'],
    ...rows.map(({ label, summary }) => [label, ...cells(summary)]),
    ['all', ...cells(total)],
  ];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
  return `${from.toISOString()} to ${to.toISOString()}\n${lines.join('\n')}\n`;
}

function cells({ calls, clientErrors, serverErrors, latency, upstreamLatency }: TrafficSummary): string[] {
  const times = [latency?.p50Ms, latency?.p95Ms, latency?.p99Ms, upstreamLatency?.p95Ms];
  return [calls, clientErrors, serverErrors, ...times].map((number) => (number === undefined ? '-' : String(number)));
}
