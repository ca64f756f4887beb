import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A subscription can change its plan, at once or with its period, and take that back until then. */
export class ChangePlans1764201670002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- A phase that was planned and taken back ends where it begins: it is never in force, and stays for what names it.
      ALTER TABLE subscription_phase
        DROP CONSTRAINT subscription_phase_order,
        DROP CONSTRAINT subscription_phase_start_key,
        ADD CONSTRAINT subscription_phase_order CHECK (ends_at IS NULL OR ends_at >= starts_at);
      CREATE UNIQUE INDEX subscription_phase_start_idx ON subscription_phase (subscription_id, starts_at)
        WHERE ends_at IS DISTINCT FROM starts_at;

      ALTER TABLE invoice_line
        DROP CONSTRAINT invoice_line_kind_known,
        DROP CONSTRAINT invoice_line_meter_set,
        ADD CONSTRAINT invoice_line_kind_known CHECK (
          kind IN ('fixed_fee', 'fixed_fee_credit', 'usage', 'late_usage', 'minimum_commitment')),
        ADD CONSTRAINT invoice_line_meter_set CHECK ((kind IN ('fixed_fee', 'fixed_fee_credit')) = (meter IS NULL));

      -- Units that were used of a meter before it had a hard quota in its period: nothing is lent until they are counted.
      CREATE TABLE quota_opening (
        subscription_id uuid NOT NULL,
        meter text NOT NULL,
        organization_id uuid NOT NULL,
        period_start timestamptz NOT NULL,
        -- Gateways that know this change reserve units.
        change_number bigint NOT NULL,
        -- When all of them knew it; null before.
        known_at timestamptz,
        created_at timestamptz NOT NULL,
        CONSTRAINT quota_opening_pk PRIMARY KEY (subscription_id, meter),
        CONSTRAINT quota_opening_subscription_fk FOREIGN KEY (organization_id, subscription_id)
          REFERENCES subscription (organization_id, id)
      );
      ALTER TABLE quota_opening ENABLE ROW LEVEL SECURITY;
      CREATE POLICY quota_opening_scope ON quota_opening
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE, DELETE ON quota_opening TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE quota_opening;
      ALTER TABLE invoice_line
        DROP CONSTRAINT invoice_line_meter_set,
        DROP CONSTRAINT invoice_line_kind_known,
        ADD CONSTRAINT invoice_line_kind_known CHECK (kind IN ('fixed_fee', 'usage', 'late_usage', 'minimum_commitment')),
        ADD CONSTRAINT invoice_line_meter_set CHECK ((kind = 'fixed_fee') = (meter IS NULL));
      DROP INDEX subscription_phase_start_idx;
      ALTER TABLE subscription_phase
        DROP CONSTRAINT subscription_phase_order,
        ADD CONSTRAINT subscription_phase_order CHECK (ends_at IS NULL OR ends_at > starts_at),
        ADD CONSTRAINT subscription_phase_start_key UNIQUE (subscription_id, starts_at);
    `);
  }
}
