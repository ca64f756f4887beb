import { addAggregatesSql } from './add-aggregates.js';

/** The key of an hour of usage, in the order in which every writer locks rows: that of rollups without operation and version. */
export const HOUR_KEY = [
  'subscription_id',
  'period_start',
  'settles_in',
  'meter',
  'hour_at',
  'credential_id',
  'api_product_id',
  'status_class',
  'billable',
  'counts_to_quota',
  'mode',
  'phase_id',
].join(', ');

/** Of a group of rollup rows: id, number and quantity of the event with the highest (id, seq). As texts that sort as those. */
const LAST = `max(ARRAY[last_event_id::text, to_char(last_event_seq, 'FM00000'), quantity_last::text] COLLATE "C")`;

/**
 * An insert, as SQL, that adds rows which are as those of usage_rollup to the hours that they are in. `after` names a
 * part of the statement that is to happen before: whoever writes both locks the rollups first.
 */
export function addToHoursSql(rows: string, after: string): string {
  return `INSERT INTO usage_hour (organization_id, application_id, credential_id, subscription_id, phase_id, plan_version_id,
      mode, period_start, settles_in, api_product_id, meter, hour_at, status_class, billable, counts_to_quota, event_count,
      quantity_sum, quantity_min, quantity_max, quantity_last, last_event_id, last_event_seq)
    SELECT organization_id, application_id, credential_id, subscription_id, phase_id, plan_version_id, mode, period_start,
      settles_in, api_product_id, meter, hour_at, status_class, billable, counts_to_quota, event_count, quantity_sum,
      quantity_min, quantity_max, last[3]::numeric, last[1]::uuid, last[2]::integer
    FROM (
      SELECT any_value(organization_id) AS organization_id, any_value(application_id) AS application_id, credential_id,
        subscription_id, phase_id, any_value(plan_version_id) AS plan_version_id, mode, period_start, settles_in,
        api_product_id, meter, date_bin('1 hour', bucket_at, 'epoch') AS hour_at, status_class, billable, counts_to_quota,
        sum(event_count) AS event_count, sum(quantity_sum) AS quantity_sum, min(quantity_min) AS quantity_min,
        max(quantity_max) AS quantity_max, ${LAST} AS last
      FROM ${rows} WHERE (SELECT count(*) FROM ${after}) > 0
      GROUP BY ${HOUR_KEY}
    ) AS hour
    ORDER BY ${HOUR_KEY}
    ${addAggregatesSql('usage_hour', 'usage_hour_key')}`;
}
