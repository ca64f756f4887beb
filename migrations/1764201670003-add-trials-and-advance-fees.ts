import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A subscription can begin with a trial, and its first invoice with what is due in advance. */
export class AddTrialsAndAdvanceFees1764201670003 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE subscription_phase
        ADD COLUMN is_trial boolean NOT NULL DEFAULT false,
        ADD CONSTRAINT subscription_phase_trial_ends CHECK (NOT is_trial OR ends_at IS NOT NULL);
      -- When it was last looked whether there is a card for what follows the trial.
      ALTER TABLE subscription ADD COLUMN trial_checked_at timestamptz;
      CREATE INDEX subscription_phase_trial_idx ON subscription_phase (ends_at) WHERE is_trial;

      ALTER TABLE invoice_line
        DROP CONSTRAINT invoice_line_kind_known,
        DROP CONSTRAINT invoice_line_meter_set,
        ADD CONSTRAINT invoice_line_kind_known CHECK (
          kind IN ('fixed_fee', 'fixed_fee_credit', 'setup_fee', 'usage', 'late_usage', 'minimum_commitment')),
        ADD CONSTRAINT invoice_line_meter_set CHECK (
          (kind IN ('fixed_fee', 'fixed_fee_credit', 'setup_fee')) = (meter IS NULL));
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE invoice_line
        DROP CONSTRAINT invoice_line_meter_set,
        DROP CONSTRAINT invoice_line_kind_known,
        ADD CONSTRAINT invoice_line_kind_known CHECK (
          kind IN ('fixed_fee', 'fixed_fee_credit', 'usage', 'late_usage', 'minimum_commitment')),
        ADD CONSTRAINT invoice_line_meter_set CHECK ((kind IN ('fixed_fee', 'fixed_fee_credit')) = (meter IS NULL));
      DROP INDEX subscription_phase_trial_idx;
      ALTER TABLE subscription DROP COLUMN trial_checked_at;
      ALTER TABLE subscription_phase DROP CONSTRAINT subscription_phase_trial_ends, DROP COLUMN is_trial;
    `);
  }
}
