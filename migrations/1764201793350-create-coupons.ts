import type { MigrationInterface, QueryRunner } from 'typeorm';

const KINDS = `'fixed_fee', 'fixed_fee_credit', 'setup_fee', 'usage', 'late_usage', 'minimum_commitment', 'prepaid_credit',
            'credit_purchase'`;
const WITHOUT_METER = `'fixed_fee', 'fixed_fee_credit', 'setup_fee', 'prepaid_credit', 'credit_purchase'`;

/**
 * Coupons of publishers, the codes that people type, and who has redeemed one. What a coupon takes off is fixed, as invoices are
 * computed by it; the database counts redemptions and lets no more pass than it is bound to.
 */
export class CreateCoupons1764201793350 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE coupon (
        id uuid NOT NULL,
        publisher_team_id uuid NOT NULL,
        slug text NOT NULL,
        title text NOT NULL,
        percent_off numeric(7,4),
        amount_off_minor bigint,
        currency text,
        -- Null for as long as the subscription goes on.
        months integer,
        -- "product" or "product/plan"; empty for all of the team.
        offers text[] NOT NULL,
        max_redemptions integer,
        -- The database computes it.
        redeemed integer NOT NULL,
        expires_at timestamptz,
        archived_at timestamptz,
        created_at timestamptz NOT NULL,
        CONSTRAINT coupon_pk PRIMARY KEY (id),
        CONSTRAINT coupon_slug_key UNIQUE (publisher_team_id, slug),
        CONSTRAINT coupon_team_key UNIQUE (publisher_team_id, id),
        CONSTRAINT coupon_team_fk FOREIGN KEY (publisher_team_id) REFERENCES publisher_team (id),
        CONSTRAINT coupon_one_way CHECK ((percent_off IS NULL) <> (amount_off_minor IS NULL)),
        CONSTRAINT coupon_percent_range CHECK (percent_off > 0 AND percent_off <= 100),
        CONSTRAINT coupon_amount_positive CHECK (amount_off_minor > 0),
        CONSTRAINT coupon_currency_set CHECK ((amount_off_minor IS NULL) = (currency IS NULL)),
        CONSTRAINT coupon_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
        CONSTRAINT coupon_months_positive CHECK (months > 0),
        CONSTRAINT coupon_title_given CHECK (title <> ''),
        CONSTRAINT coupon_within_bound CHECK (redeemed >= 0 AND redeemed <= max_redemptions)
      );
      CREATE FUNCTION guard_coupon() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'INSERT' THEN
          NEW.redeemed := 0;
          RETURN NEW;
        END IF;
        IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - '{redeemed,max_redemptions,expires_at,archived_at}'::text[]
             = to_jsonb(OLD) - '{redeemed,max_redemptions,expires_at,archived_at}'::text[] THEN
          RETURN NEW;
        END IF;
        RAISE EXCEPTION 'coupon % is fixed: make another', OLD.id USING ERRCODE = 'integrity_constraint_violation';
      END $$;
      CREATE TRIGGER coupon_guard BEFORE INSERT OR UPDATE OR DELETE ON coupon FOR EACH ROW EXECUTE FUNCTION guard_coupon();
      GRANT SELECT, INSERT ON coupon TO tollgate_app;
      -- Not what was redeemed, which the trigger below counts.
      GRANT UPDATE (max_redemptions, expires_at, archived_at) ON coupon TO tollgate_app;

      CREATE TABLE coupon_code (
        publisher_team_id uuid NOT NULL,
        code text NOT NULL,
        coupon_id uuid NOT NULL,
        archived_at timestamptz,
        created_at timestamptz NOT NULL,
        CONSTRAINT coupon_code_pk PRIMARY KEY (publisher_team_id, code),
        CONSTRAINT coupon_code_coupon_fk FOREIGN KEY (publisher_team_id, coupon_id) REFERENCES coupon (publisher_team_id, id),
        CONSTRAINT coupon_code_form CHECK (code ~ '^[A-Z0-9][A-Z0-9_-]{2,39}$')
      );
      CREATE INDEX coupon_code_coupon_idx ON coupon_code (coupon_id);
      GRANT SELECT, INSERT ON coupon_code TO tollgate_app;
      GRANT UPDATE (archived_at) ON coupon_code TO tollgate_app;

      CREATE TABLE coupon_redemption (
        subscription_id uuid NOT NULL,
        organization_id uuid NOT NULL,
        coupon_id uuid NOT NULL,
        code text NOT NULL,
        redeemed_at timestamptz NOT NULL,
        CONSTRAINT coupon_redemption_pk PRIMARY KEY (subscription_id),
        CONSTRAINT coupon_redemption_once_key UNIQUE (coupon_id, organization_id),
        CONSTRAINT coupon_redemption_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id),
        CONSTRAINT coupon_redemption_subscription_fk FOREIGN KEY (subscription_id) REFERENCES subscription (id),
        CONSTRAINT coupon_redemption_coupon_fk FOREIGN KEY (coupon_id) REFERENCES coupon (id)
      );
      CREATE INDEX coupon_redemption_organization_idx ON coupon_redemption (organization_id);
      ALTER TABLE coupon_redemption ENABLE ROW LEVEL SECURITY;
      CREATE POLICY coupon_redemption_scope ON coupon_redemption
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON coupon_redemption TO tollgate_app;

      -- Runs as the owner: whoever redeems waits for the one before, and is refused beyond the bound.
      CREATE FUNCTION count_coupon_redemption() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        IF TG_OP = 'DELETE' THEN
          UPDATE coupon SET redeemed = redeemed - 1 WHERE id = OLD.coupon_id;
        ELSE
          UPDATE coupon SET redeemed = redeemed + 1 WHERE id = NEW.coupon_id;
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER coupon_redemption_counts AFTER INSERT OR DELETE ON coupon_redemption
        FOR EACH ROW EXECUTE FUNCTION count_coupon_redemption();
      CREATE TRIGGER coupon_redemption_fixed BEFORE UPDATE ON coupon_redemption FOR EACH ROW EXECUTE FUNCTION refuse_change();

      -- What never began has redeemed nothing.
      CREATE FUNCTION return_coupon() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        DELETE FROM coupon_redemption WHERE subscription_id = NEW.id;
        RETURN NULL;
      END $$;
      CREATE TRIGGER subscription_returns_coupon AFTER UPDATE OF state ON subscription
        FOR EACH ROW WHEN (OLD.state = 'pending_approval' AND NEW.state = 'canceled') EXECUTE FUNCTION return_coupon();

      ALTER TABLE invoice_line
        DROP CONSTRAINT invoice_line_kind_known,
        DROP CONSTRAINT invoice_line_meter_set,
        DROP CONSTRAINT invoice_line_service_of_fee,
        ADD CONSTRAINT invoice_line_kind_known CHECK (kind IN (${KINDS}, 'discount')),
        -- A discount has the meter of the line that it is of.
        ADD CONSTRAINT invoice_line_meter_set CHECK (kind = 'discount' OR (kind IN (${WITHOUT_METER})) = (meter IS NULL)),
        ADD CONSTRAINT invoice_line_service_of_fee CHECK (
          service_start IS NULL OR kind IN ('fixed_fee', 'fixed_fee_credit') OR (kind = 'discount' AND meter IS NULL));
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE invoice_line
        DROP CONSTRAINT invoice_line_meter_set,
        DROP CONSTRAINT invoice_line_kind_known,
        DROP CONSTRAINT invoice_line_service_of_fee,
        ADD CONSTRAINT invoice_line_kind_known CHECK (kind IN (${KINDS})),
        ADD CONSTRAINT invoice_line_service_of_fee CHECK (service_start IS NULL OR kind IN ('fixed_fee', 'fixed_fee_credit')),
        ADD CONSTRAINT invoice_line_meter_set CHECK ((kind IN (${WITHOUT_METER})) = (meter IS NULL));
      DROP TRIGGER subscription_returns_coupon ON subscription;
      DROP FUNCTION return_coupon();
      DROP TABLE coupon_redemption, coupon_code, coupon;
      DROP FUNCTION count_coupon_redemption();
      DROP FUNCTION guard_coupon();
    `);
  }
}
