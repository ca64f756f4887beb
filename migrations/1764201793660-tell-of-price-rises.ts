import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When it is looked whether a subscription costs more soon, as its trial or its coupon ends, and which such instant those who pay
 * were told of last. The row waits for that, so that nobody is told twice or forgotten.
 */
export class TellOfPriceRises1764201793660 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE subscription
        -- Null while nothing is to be looked at.
        ADD COLUMN price_rise_check_at timestamptz,
        ADD COLUMN price_rise_told_at timestamptz;
      UPDATE subscription SET price_rise_check_at = created_at
      WHERE state = 'active' AND (
        EXISTS (SELECT FROM coupon_redemption WHERE subscription_id = subscription.id)
        OR EXISTS (SELECT FROM subscription_phase WHERE subscription_id = subscription.id AND is_trial));
      CREATE INDEX subscription_price_rise_check_idx ON subscription (price_rise_check_at)
        WHERE price_rise_check_at IS NOT NULL AND state = 'active';
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE subscription DROP COLUMN price_rise_told_at, DROP COLUMN price_rise_check_at');
  }
}
