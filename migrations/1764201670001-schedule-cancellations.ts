import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A subscription can be canceled ahead of time, and until then the cancellation can be taken back. */
export class ScheduleCancellations1764201670001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE subscription
        -- When it ends, while it is active; the end of its last phase says the same to the gateways.
        ADD COLUMN cancel_at timestamptz,
        ADD CONSTRAINT subscription_cancel_at_active CHECK (state = 'active' OR cancel_at IS NULL);
      CREATE INDEX subscription_cancel_due_idx ON subscription (cancel_at) WHERE cancel_at IS NOT NULL;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX subscription_cancel_due_idx;
      ALTER TABLE subscription DROP CONSTRAINT subscription_cancel_at_active, DROP COLUMN cancel_at;
    `);
  }
}
