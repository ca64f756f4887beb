import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A subscription may redeem one coupon after another: from which month each counts is kept with it, as closed periods are proved
 * by it, and with which month it was removed, which is said once.
 */
export class RedeemCouponsWhileRunning1764201793510 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE coupon_redemption
        DROP CONSTRAINT coupon_redemption_pk,
        ADD CONSTRAINT coupon_redemption_pk PRIMARY KEY (subscription_id, coupon_id),
        -- Null for the first month of the subscription.
        ADD COLUMN counts_from timestamptz,
        -- Null for one that nobody removed.
        ADD COLUMN ends_at timestamptz;
      CREATE FUNCTION guard_coupon_redemption() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF OLD.ends_at IS NULL AND to_jsonb(NEW) - 'ends_at' = to_jsonb(OLD) - 'ends_at' THEN
          RETURN NEW;
        END IF;
        RAISE EXCEPTION 'the redemption of subscription % is fixed', OLD.subscription_id
          USING ERRCODE = 'integrity_constraint_violation';
      END $$;
      DROP TRIGGER coupon_redemption_fixed ON coupon_redemption;
      CREATE TRIGGER coupon_redemption_guard BEFORE UPDATE ON coupon_redemption
        FOR EACH ROW EXECUTE FUNCTION guard_coupon_redemption();
      GRANT UPDATE (ends_at) ON coupon_redemption TO tollgate_app;
    `);
  }

  /** Fails where a subscription has redeemed two: of which one it is then is for a person to say. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      REVOKE UPDATE (ends_at) ON coupon_redemption FROM tollgate_app;
      DROP TRIGGER coupon_redemption_guard ON coupon_redemption;
      DROP FUNCTION guard_coupon_redemption();
      CREATE TRIGGER coupon_redemption_fixed BEFORE UPDATE ON coupon_redemption FOR EACH ROW EXECUTE FUNCTION refuse_change();
      ALTER TABLE coupon_redemption
        DROP COLUMN ends_at,
        DROP COLUMN counts_from,
        DROP CONSTRAINT coupon_redemption_pk,
        ADD CONSTRAINT coupon_redemption_pk PRIMARY KEY (subscription_id);
    `);
  }
}
