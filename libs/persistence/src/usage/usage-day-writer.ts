/** The key of a day of usage of an operation, in the order in which every writer locks rows. */
export const OPERATION_DAY_KEY = [
  'organization_id',
  'day_at',
  'meter',
  'credential_id',
  'api_product_id',
  'api_version_id',
  'operation',
  'status_class',
  'billable',
  'mode',
].join(', ');

/**
 * An insert, as SQL, that adds rows which are as those of usage_rollup to the days of operations that they are in. `after`
 * names a part of the statement that is to happen before: the hours.
 */
export function addToOperationDaysSql(rows: string, after: string): string {
  return `INSERT INTO usage_operation_day AS day (application_id, ${OPERATION_DAY_KEY}, event_count, quantity_sum)
    SELECT application_id, ${OPERATION_DAY_KEY}, event_count, quantity_sum
    FROM (
      SELECT any_value(application_id) AS application_id, organization_id, date_bin('1 day', bucket_at, 'epoch') AS day_at,
        meter, credential_id, api_product_id, api_version_id, operation, status_class, billable, mode,
        sum(event_count) AS event_count, sum(quantity_sum) AS quantity_sum
      FROM ${rows} WHERE (SELECT count(*) FROM ${after}) >= 0
      GROUP BY ${OPERATION_DAY_KEY}
    ) AS added
    ORDER BY ${OPERATION_DAY_KEY}
    ON CONFLICT ON CONSTRAINT usage_operation_day_key DO UPDATE SET
      event_count = day.event_count + excluded.event_count,
      quantity_sum = day.quantity_sum + excluded.quantity_sum`;
}
