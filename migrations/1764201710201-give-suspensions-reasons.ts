import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Says what the calls of a subscription are refused for; several reasons can hold at once, and each is lifted on its own. */
export class GiveSuspensionsReasons1764201710201 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE subscription
        ADD COLUMN suspended_for text[] NOT NULL DEFAULT '{}',
        ADD CONSTRAINT subscription_suspended_for_known CHECK (suspended_for <@ ARRAY['operator', 'payment', 'trial_ended']);

      -- Of what is suspended and has ended its last phase, a trial, the trial is the reason.
      UPDATE subscription SET payment_state = 'current',
        suspended_for = ARRAY[CASE WHEN (
          SELECT is_trial AND ends_at IS NOT NULL FROM subscription_phase
          WHERE subscription_id = subscription.id AND ends_at IS DISTINCT FROM starts_at
          ORDER BY starts_at DESC LIMIT 1
        ) THEN 'trial_ended' ELSE 'payment' END]
      WHERE payment_state = 'suspended';

      ALTER TABLE subscription
        DROP CONSTRAINT subscription_payment_state_known,
        ADD CONSTRAINT subscription_payment_state_known CHECK (payment_state IN ('current', 'past_due'));
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE subscription
        DROP CONSTRAINT subscription_payment_state_known,
        ADD CONSTRAINT subscription_payment_state_known CHECK (payment_state IN ('current', 'past_due', 'suspended'));
      UPDATE subscription SET payment_state = 'suspended' WHERE suspended_for <> '{}';
      ALTER TABLE subscription DROP COLUMN suspended_for;
    `);
  }
}
