import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lowest, highest and last quantity of a rollup row, for meters that are not summed. */
export class AddRollupAggregates1764100001002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE usage_rollup
        ADD COLUMN quantity_min numeric(38, 12),
        ADD COLUMN quantity_max numeric(38, 12),
        ADD COLUMN quantity_last numeric(38, 12),
        -- The event that quantity_last is of: the one with the highest (id, seq).
        ADD COLUMN last_event_id uuid,
        ADD COLUMN last_event_seq integer;
      -- Rows of closed periods get them as well: what is added says nothing new about them.
      ALTER TABLE usage_rollup DISABLE TRIGGER USER;
      WITH known AS (
        SELECT event.*, used.key AS meter, used.value::numeric AS quantity, (event.status / 100)::smallint AS status_class,
          date_bin('15 minutes', uuid_extract_timestamp(event.id), 'epoch') AS bucket_at
        FROM usage_event AS event, jsonb_each_text(event.quantities) AS used
      ), aggregates AS (
        SELECT subscription_id, settles_in, period_start, meter, bucket_at, credential_id, api_product_id, api_version_id,
          operation, status_class, billable, counts_to_quota, mode, phase_id, min(quantity) AS least, max(quantity) AS most,
          (array_agg(quantity ORDER BY id DESC, seq DESC))[1] AS last, (array_agg(id ORDER BY id DESC, seq DESC))[1] AS last_id,
          (array_agg(seq ORDER BY id DESC, seq DESC))[1] AS last_seq
        FROM known
        GROUP BY subscription_id, settles_in, period_start, meter, bucket_at, credential_id, api_product_id, api_version_id,
          operation, status_class, billable, counts_to_quota, mode, phase_id
      )
      UPDATE usage_rollup AS rollup SET quantity_min = least, quantity_max = most, quantity_last = last, last_event_id = last_id,
        last_event_seq = last_seq
      FROM aggregates
      WHERE rollup.bucket_at = aggregates.bucket_at AND rollup.credential_id = aggregates.credential_id
        AND rollup.meter = aggregates.meter AND rollup.operation = aggregates.operation AND rollup.mode = aggregates.mode
        AND rollup.status_class = aggregates.status_class AND rollup.billable = aggregates.billable
        AND rollup.counts_to_quota = aggregates.counts_to_quota AND rollup.api_product_id = aggregates.api_product_id
        AND rollup.api_version_id = aggregates.api_version_id
        AND rollup.subscription_id IS NOT DISTINCT FROM aggregates.subscription_id
        AND rollup.settles_in IS NOT DISTINCT FROM aggregates.settles_in
        AND rollup.period_start IS NOT DISTINCT FROM aggregates.period_start
        AND rollup.phase_id IS NOT DISTINCT FROM aggregates.phase_id;
      ALTER TABLE usage_rollup ENABLE TRIGGER USER;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE usage_rollup DROP COLUMN quantity_min, DROP COLUMN quantity_max, DROP COLUMN quantity_last,
        DROP COLUMN last_event_id, DROP COLUMN last_event_seq;
    `);
  }
}
