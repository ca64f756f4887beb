import type { MeterAggregates } from '#domain';

/**
 * SQL: the aggregates of rows of rollups or hours that are grouped, as an object for `toAggregates`. `condition` picks
 * among the rows of a group; `unique` is how many different values the same events named. Rows from before there were
 * extremes were given them.
 */
export function aggregatesSql(unique: string, condition = 'true'): string {
  const filtered = `FILTER (WHERE ${condition})`;
  return `json_build_object(
       'count', trim_scale(coalesce(sum(event_count) ${filtered}, 0))::text,
       'sum', trim_scale(coalesce(sum(quantity_sum) ${filtered}, 0))::text,
       'max', trim_scale(coalesce(max(quantity_max) ${filtered}, 0))::text,
       'last', max(concat(last_event_id, to_char(last_event_seq, 'FM00000'), ' ', trim_scale(quantity_last)) COLLATE "C")
         FILTER (WHERE ${condition} AND last_event_id IS NOT NULL),
       'unique', (${unique})::text)`;
}

/** What such an object says. */
export interface AggregatesRow extends Pick<MeterAggregates, 'count' | 'sum' | 'max' | 'unique'> {
  /** The last event, and its quantity after a space; null when there is none. */
  readonly last: string | null;
}

/** The aggregates that it is about. */
export function toAggregates({ last, ...others }: AggregatesRow): MeterAggregates {
  const [lastEvent = '', lastQuantity = '0'] = last?.split(' ') ?? [];
  return { ...others, last: lastQuantity, lastEvent };
}
