import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Days of usage by operation: what the usage explorer reads of a month, in a small part of the rows. Nothing is billed by them. */
export class CreateUsageDaysByOperation1764201727001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE usage_operation_day (
        organization_id uuid NOT NULL,
        application_id uuid NOT NULL,
        credential_id uuid NOT NULL,
        mode text NOT NULL,
        api_product_id uuid NOT NULL,
        api_version_id uuid NOT NULL,
        operation text NOT NULL,
        meter text NOT NULL,
        -- Days by UTC.
        day_at timestamptz NOT NULL,
        status_class smallint NOT NULL,
        billable boolean NOT NULL,
        event_count bigint NOT NULL,
        quantity_sum numeric(38, 12) NOT NULL,
        CONSTRAINT usage_operation_day_key UNIQUE (organization_id, day_at, meter, credential_id, api_product_id,
          api_version_id, operation, status_class, billable, mode),
        CONSTRAINT usage_operation_day_mode_known CHECK (mode IN ('live', 'test')),
        CONSTRAINT usage_operation_day_whole CHECK (extract(epoch FROM day_at)::bigint % 86400 = 0),
        CONSTRAINT usage_operation_day_count_positive CHECK (event_count > 0 AND quantity_sum >= 0)
      );
      INSERT INTO usage_operation_day
        SELECT organization_id, min(application_id::text)::uuid, credential_id, mode, api_product_id, api_version_id, operation,
          meter, date_bin('1 day', bucket_at, 'epoch'), status_class, billable, sum(event_count), sum(quantity_sum)
        FROM usage_rollup
        GROUP BY organization_id, date_bin('1 day', bucket_at, 'epoch'), meter, credential_id, api_product_id,
          api_version_id, operation, status_class, billable, mode;
      CREATE TRIGGER usage_operation_day_never_deleted BEFORE DELETE ON usage_operation_day
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      ALTER TABLE usage_operation_day ENABLE ROW LEVEL SECURITY;
      CREATE POLICY usage_operation_day_scope ON usage_operation_day
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON usage_operation_day TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE usage_operation_day`);
  }
}
