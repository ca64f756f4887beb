/** SQL: how an insert adds to a row of the table that is there under the constraint; rollups and hours have the same sums. */
export function addAggregatesSql(table: string, constraint: string): string {
  const isLater =
    `(${table}.last_event_id IS NULL OR (excluded.last_event_id, excluded.last_event_seq) ` +
    `> (${table}.last_event_id, ${table}.last_event_seq))`;
  return `ON CONFLICT ON CONSTRAINT ${constraint} DO UPDATE SET
      event_count = ${table}.event_count + excluded.event_count,
      quantity_sum = ${table}.quantity_sum + excluded.quantity_sum,
      quantity_min = least(${table}.quantity_min, excluded.quantity_min),
      quantity_max = greatest(${table}.quantity_max, excluded.quantity_max),
      quantity_last = CASE WHEN ${isLater} THEN excluded.quantity_last ELSE ${table}.quantity_last END,
      last_event_seq = CASE WHEN ${isLater} THEN excluded.last_event_seq ELSE ${table}.last_event_seq END,
      last_event_id = greatest(${table}.last_event_id, excluded.last_event_id)`;
}
