import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which thresholds of quotas and money caps have been told of: each once. */
export class CreateUsageAlerts1764100000203 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE usage_alert (
        organization_id uuid NOT NULL,
        subscription_id uuid NOT NULL,
        period_start timestamptz NOT NULL,
        -- "quota:NAME" or "money_cap".
        subject text NOT NULL,
        -- Percent of the limit.
        threshold smallint NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT usage_alert_pk PRIMARY KEY (subscription_id, period_start, subject, threshold),
        CONSTRAINT usage_alert_subscription_fk FOREIGN KEY (organization_id, subscription_id)
          REFERENCES subscription (organization_id, id),
        CONSTRAINT usage_alert_threshold_known CHECK (threshold IN (50, 80, 100))
      );
      ALTER TABLE usage_alert ENABLE ROW LEVEL SECURITY;
      CREATE POLICY usage_alert_scope ON usage_alert
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON usage_alert TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE usage_alert`);
  }
}
