import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Calls that have used nothing of any meter, counted as one each under no meter: they were in no rollup. None is billed. */
export class CountCallsWithoutUnits1764201793400 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Closed periods stay closed for what is billed; these rows are not.
      ALTER TABLE usage_rollup DISABLE TRIGGER usage_rollup_insert_closed;
      ALTER TABLE usage_hour DISABLE TRIGGER usage_hour_insert_closed;
      INSERT INTO usage_rollup (organization_id, application_id, credential_id, subscription_id, phase_id, plan_version_id, mode,
          period_start, settles_in, api_product_id, api_version_id, operation, meter, bucket_at, status_class, billable,
          counts_to_quota, event_count, quantity_sum, quantity_min, quantity_max, quantity_last, last_event_id, last_event_seq)
        SELECT any_value(organization_id), any_value(application_id), credential_id, subscription_id, phase_id,
          any_value(plan_version_id), mode, period_start, settles_in, api_product_id, api_version_id, operation, '', bucket_at,
          status_class, false, false, count(*), count(*), 1, 1, 1, max(id::text)::uuid, 0
        FROM (
          SELECT *, (status / 100)::smallint AS status_class,
            date_bin('15 minutes', uuid_extract_timestamp(id), 'epoch') AS bucket_at
          FROM usage_event WHERE quantities = '{}' AND seq = 0
        ) AS call
        GROUP BY subscription_id, settles_in, period_start, bucket_at, credential_id, api_product_id, api_version_id, operation,
          status_class, mode, phase_id;
      INSERT INTO usage_hour (organization_id, application_id, credential_id, subscription_id, phase_id, plan_version_id, mode,
          period_start, settles_in, api_product_id, meter, hour_at, status_class, billable, counts_to_quota, event_count,
          quantity_sum, quantity_min, quantity_max, quantity_last, last_event_id, last_event_seq)
        SELECT any_value(organization_id), any_value(application_id), credential_id, subscription_id, phase_id,
          any_value(plan_version_id), mode, period_start, settles_in, api_product_id, '', date_bin('1 hour', bucket_at, 'epoch'),
          status_class, false, false, sum(event_count), sum(quantity_sum), 1, 1, 1, max(last_event_id::text)::uuid, 0
        FROM usage_rollup WHERE meter = ''
        GROUP BY subscription_id, settles_in, period_start, date_bin('1 hour', bucket_at, 'epoch'), credential_id,
          api_product_id, status_class, mode, phase_id;
      INSERT INTO usage_operation_day (organization_id, application_id, credential_id, mode, api_product_id, api_version_id,
          operation, meter, day_at, status_class, billable, event_count, quantity_sum)
        SELECT organization_id, any_value(application_id), credential_id, mode, api_product_id, api_version_id, operation, '',
          date_bin('1 day', bucket_at, 'epoch'), status_class, false, sum(event_count), sum(quantity_sum)
        FROM usage_rollup WHERE meter = ''
        GROUP BY organization_id, date_bin('1 day', bucket_at, 'epoch'), credential_id, api_product_id, api_version_id,
          operation, status_class, mode;
      ALTER TABLE usage_rollup ENABLE TRIGGER usage_rollup_insert_closed;
      ALTER TABLE usage_hour ENABLE TRIGGER usage_hour_insert_closed;
      -- What no meter counts is never billed, and in no quota.
      ALTER TABLE usage_rollup ADD CONSTRAINT usage_rollup_without_meter_never_billed
        CHECK (meter <> '' OR (NOT billable AND NOT counts_to_quota));
      ALTER TABLE usage_hour ADD CONSTRAINT usage_hour_without_meter_never_billed
        CHECK (meter <> '' OR (NOT billable AND NOT counts_to_quota));
      ALTER TABLE usage_operation_day ADD CONSTRAINT usage_operation_day_without_meter_never_billed
        CHECK (meter <> '' OR NOT billable);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE usage_rollup DROP CONSTRAINT usage_rollup_without_meter_never_billed;
      ALTER TABLE usage_hour DROP CONSTRAINT usage_hour_without_meter_never_billed;
      ALTER TABLE usage_operation_day DROP CONSTRAINT usage_operation_day_without_meter_never_billed;
      ALTER TABLE usage_rollup DISABLE TRIGGER usage_rollup_never_deleted;
      ALTER TABLE usage_hour DISABLE TRIGGER usage_hour_never_deleted;
      ALTER TABLE usage_operation_day DISABLE TRIGGER usage_operation_day_never_deleted;
      DELETE FROM usage_operation_day WHERE meter = '';
      DELETE FROM usage_hour WHERE meter = '';
      DELETE FROM usage_rollup WHERE meter = '';
      ALTER TABLE usage_rollup ENABLE TRIGGER usage_rollup_never_deleted;
      ALTER TABLE usage_hour ENABLE TRIGGER usage_hour_never_deleted;
      ALTER TABLE usage_operation_day ENABLE TRIGGER usage_operation_day_never_deleted;
    `);
  }
}
