import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Hours of usage, without operations: what charts, quotas and invoices read, in a small part of the rows. */
export class CreateUsageHours1764201650001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE usage_hour (
        organization_id uuid NOT NULL,
        application_id uuid NOT NULL,
        credential_id uuid NOT NULL,
        subscription_id uuid,
        phase_id uuid,
        plan_version_id uuid,
        mode text NOT NULL,
        period_start timestamptz,
        settles_in timestamptz,
        api_product_id uuid NOT NULL,
        meter text NOT NULL,
        hour_at timestamptz NOT NULL,
        status_class smallint NOT NULL,
        billable boolean NOT NULL,
        counts_to_quota boolean NOT NULL,
        event_count bigint NOT NULL,
        quantity_sum numeric(38, 12) NOT NULL,
        quantity_min numeric(38, 12),
        quantity_max numeric(38, 12),
        quantity_last numeric(38, 12),
        last_event_id uuid,
        last_event_seq integer,
        CONSTRAINT usage_hour_key UNIQUE NULLS NOT DISTINCT (subscription_id, period_start, settles_in, meter, hour_at,
          credential_id, api_product_id, status_class, billable, counts_to_quota, mode, phase_id),
        CONSTRAINT usage_hour_mode_known CHECK (mode IN ('live', 'test')),
        CONSTRAINT usage_hour_test_never_billed CHECK (mode = 'live' OR (NOT billable AND subscription_id IS NULL)),
        CONSTRAINT usage_hour_subscription_whole CHECK (
          num_nulls(subscription_id, phase_id, plan_version_id, period_start, settles_in) IN (0, 5)),
        CONSTRAINT usage_hour_is_whole CHECK (extract(epoch FROM hour_at)::bigint % 3600 = 0),
        CONSTRAINT usage_hour_count_positive CHECK (event_count > 0 AND quantity_sum >= 0),
        CONSTRAINT usage_hour_period_fk FOREIGN KEY (subscription_id, settles_in, mode)
          REFERENCES billing_period (subscription_id, starts_at, mode)
      ) WITH (fillfactor = 60);
      INSERT INTO usage_hour
        SELECT any_value(organization_id), any_value(application_id), credential_id, subscription_id, phase_id,
          any_value(plan_version_id), mode, period_start, settles_in, api_product_id, meter,
          date_bin('1 hour', bucket_at, 'epoch') AS hour_at, status_class, billable, counts_to_quota, sum(event_count),
          sum(quantity_sum), min(quantity_min), max(quantity_max),
          (array_agg(quantity_last ORDER BY last_event_id DESC NULLS LAST, last_event_seq DESC))[1],
          (array_agg(last_event_id ORDER BY last_event_id DESC NULLS LAST, last_event_seq DESC))[1],
          (array_agg(last_event_seq ORDER BY last_event_id DESC NULLS LAST, last_event_seq DESC))[1]
        FROM usage_rollup
        GROUP BY subscription_id, period_start, settles_in, meter, hour_at, credential_id, api_product_id, status_class,
          billable, counts_to_quota, mode, phase_id;
      CREATE INDEX usage_hour_organization_idx ON usage_hour (organization_id, hour_at);
      CREATE TRIGGER usage_hour_never_deleted BEFORE DELETE ON usage_hour FOR EACH ROW EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER usage_hour_insert_closed AFTER INSERT ON usage_hour REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_rollup_of_closed_period();
      CREATE TRIGGER usage_hour_update_closed AFTER UPDATE ON usage_hour REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_rollup_of_closed_period();
      CREATE TRIGGER usage_hour_leave_closed AFTER UPDATE ON usage_hour REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_rollup_of_closed_period();
      ALTER TABLE usage_hour ENABLE ROW LEVEL SECURITY;
      CREATE POLICY usage_hour_scope ON usage_hour
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON usage_hour TO tollgate_app;
      -- Nothing reads quarters of an hour by key alone.
      DROP INDEX usage_rollup_credential_idx;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE INDEX usage_rollup_credential_idx ON usage_rollup (credential_id, bucket_at);
      DROP TABLE usage_hour;
    `);
  }
}
