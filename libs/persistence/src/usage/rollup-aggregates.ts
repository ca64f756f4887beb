import type { MeterAggregates } from '#domain';

/**
 * The aggregates of rollup rows that are grouped, as columns of SQL; `condition` picks among the rows of a group. Rows
 * from before there were extremes were given them.
 */
export function aggregatesSql(condition = 'true'): string {
  return `trim_scale(coalesce(sum(event_count) FILTER (WHERE ${condition}), 0))::text AS count,
       trim_scale(coalesce(sum(quantity_sum) FILTER (WHERE ${condition}), 0))::text AS sum,
       trim_scale(coalesce(max(quantity_max) FILTER (WHERE ${condition}), 0))::text AS max,
       max(concat(last_event_id, to_char(last_event_seq, 'FM00000'), ' ', trim_scale(quantity_last)) COLLATE "C")
         FILTER (WHERE ${condition} AND last_event_id IS NOT NULL) AS last`;
}

export const AGGREGATES_SQL = aggregatesSql();

/** What these columns hold, and how many values the same events named. */
export interface AggregatesRow {
  readonly count: string;
  readonly sum: string;
  readonly max: string;
  /** The last event, and its quantity after a space; null when there is none. */
  readonly last: string | null;
  readonly unique: string;
}

/** The aggregates that a row of these columns says. */
export function toAggregates({ count, sum, max, last, unique }: AggregatesRow): MeterAggregates {
  const [lastEvent = '', lastQuantity = '0'] = last?.split(' ') ?? [];
  return { count, sum, max, last: lastQuantity, lastEvent, unique };
}
