import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The publisher of a product suspends its subscriptions too, apart from the operator: each lifts what is its own. */
export class LetPublishersSuspend1764201793860 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE subscription
        DROP CONSTRAINT subscription_suspended_for_known,
        ADD CONSTRAINT subscription_suspended_for_known
          CHECK (suspended_for <@ ARRAY['operator', 'publisher', 'payment', 'trial_ended']);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Calls that a publisher has refused stay refused: the operator can lift that.
      UPDATE subscription SET suspended_for = CASE WHEN 'operator' = ANY (suspended_for)
        THEN array_remove(suspended_for, 'publisher') ELSE array_replace(suspended_for, 'publisher', 'operator') END
      WHERE 'publisher' = ANY (suspended_for);
      ALTER TABLE subscription
        DROP CONSTRAINT subscription_suspended_for_known,
        ADD CONSTRAINT subscription_suspended_for_known CHECK (suspended_for <@ ARRAY['operator', 'payment', 'trial_ended']);
    `);
  }
}
