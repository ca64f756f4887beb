import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Credits that are bought: packs of a product, purchases with an invoice of their own, and rules that buy when credits run
 * low. Whatever way an invoice becomes paid, the database grants what was bought with it, once.
 */
export class SellCredits1764201700502 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE api_product ADD COLUMN credit_packs jsonb NOT NULL DEFAULT '[]';

      ALTER TABLE invoice
        ADD COLUMN kind text NOT NULL DEFAULT 'period',
        ADD CONSTRAINT invoice_kind_known CHECK (kind IN ('period', 'credit_purchase')),
        DROP CONSTRAINT IF EXISTS invoice_period_key;
      DROP INDEX IF EXISTS invoice_period_key;
      CREATE UNIQUE INDEX invoice_period_key ON invoice (subscription_id, period_start)
        WHERE kind = 'period' AND state <> 'void';
      CREATE FUNCTION guard_invoice_kind() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'invoice % stays one of a %', OLD.id, OLD.kind USING ERRCODE = 'integrity_constraint_violation';
      END $$;
      CREATE TRIGGER invoice_kind_guard BEFORE UPDATE OF kind ON invoice
        FOR EACH ROW WHEN (NEW.kind <> OLD.kind) EXECUTE FUNCTION guard_invoice_kind();

      ALTER TABLE invoice_line
        DROP CONSTRAINT invoice_line_kind_known,
        DROP CONSTRAINT invoice_line_meter_set,
        ADD CONSTRAINT invoice_line_kind_known CHECK (
          kind IN ('fixed_fee', 'fixed_fee_credit', 'setup_fee', 'usage', 'late_usage', 'minimum_commitment', 'prepaid_credit',
            'credit_purchase')),
        ADD CONSTRAINT invoice_line_meter_set CHECK (
          (kind IN ('fixed_fee', 'fixed_fee_credit', 'setup_fee', 'prepaid_credit', 'credit_purchase')) = (meter IS NULL));

      CREATE TABLE credit_purchase (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        subscription_id uuid NOT NULL,
        invoice_id uuid NOT NULL,
        seller_slug text NOT NULL,
        currency text NOT NULL,
        pack text NOT NULL,
        title text NOT NULL,
        -- Before tax.
        price_minor bigint NOT NULL,
        credited_minor bigint NOT NULL,
        valid_days integer,
        origin text NOT NULL,
        -- Its invoice is paid, and the credits are granted, or it is void.
        is_settled boolean NOT NULL DEFAULT false,
        actor_kind text NOT NULL,
        actor_id text,
        created_at timestamptz NOT NULL,
        CONSTRAINT credit_purchase_pk PRIMARY KEY (id),
        CONSTRAINT credit_purchase_organization_key UNIQUE (organization_id, id),
        CONSTRAINT credit_purchase_invoice_key UNIQUE (invoice_id),
        CONSTRAINT credit_purchase_invoice_fk FOREIGN KEY (organization_id, invoice_id) REFERENCES invoice (organization_id, id),
        CONSTRAINT credit_purchase_subscription_fk FOREIGN KEY (organization_id, subscription_id)
          REFERENCES subscription (organization_id, id),
        CONSTRAINT credit_purchase_seller_fk FOREIGN KEY (seller_slug) REFERENCES seller (slug),
        CONSTRAINT credit_purchase_something CHECK (price_minor > 0 AND credited_minor > 0),
        CONSTRAINT credit_purchase_valid_some_time CHECK (valid_days > 0),
        CONSTRAINT credit_purchase_origin_known CHECK (origin IN ('person', 'top_up'))
      );
      -- At most one is under way, whoever buys.
      CREATE UNIQUE INDEX credit_purchase_under_way_key ON credit_purchase (organization_id, seller_slug, currency)
        WHERE NOT is_settled;
      CREATE INDEX credit_purchase_organization_idx ON credit_purchase (organization_id, created_at);
      CREATE FUNCTION guard_credit_purchase() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' OR OLD.is_settled OR to_jsonb(NEW) - 'is_settled' <> to_jsonb(OLD) - 'is_settled' THEN
          RAISE EXCEPTION 'credit purchase % is fixed', OLD.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER credit_purchase_guard BEFORE UPDATE OR DELETE ON credit_purchase
        FOR EACH ROW EXECUTE FUNCTION guard_credit_purchase();
      ALTER TABLE credit_purchase ENABLE ROW LEVEL SECURITY;
      CREATE POLICY credit_purchase_scope ON credit_purchase
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON credit_purchase TO tollgate_app;

      -- Nobody but this grants bought credits. Runs for a changed invoice, and for a new purchase whose invoice the balance has paid.
      CREATE FUNCTION settle_credit_purchase() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE bought credit_purchase%ROWTYPE; billed invoice%ROWTYPE;
      BEGIN
        SELECT * INTO billed FROM invoice WHERE id = CASE TG_TABLE_NAME WHEN 'invoice' THEN to_jsonb(NEW)->>'id' ELSE to_jsonb(NEW)->>'invoice_id' END::uuid;
        SELECT * INTO bought FROM credit_purchase WHERE invoice_id = billed.id;
        IF bought.id IS NULL OR bought.is_settled OR billed.state NOT IN ('paid', 'void') THEN RETURN NULL; END IF;
        UPDATE credit_purchase SET is_settled = true WHERE id = bought.id;
        IF billed.state = 'paid' THEN
          INSERT INTO credit_grant (id, organization_id, seller_slug, currency, amount_minor, source, priority, reason, granted_at,
            expires_at, actor_kind, actor_id)
          VALUES (bought.id, bought.organization_id, bought.seller_slug, bought.currency, bought.credited_minor, 'purchased', 50,
            bought.title, billed.paid_at, billed.paid_at + bought.valid_days * interval '24 hours', bought.actor_kind, bought.actor_id);
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER invoice_settles_credit_purchase AFTER UPDATE OF state ON invoice
        FOR EACH ROW WHEN (NEW.kind = 'credit_purchase' AND NEW.state IN ('paid', 'void') AND OLD.state <> NEW.state)
        EXECUTE FUNCTION settle_credit_purchase();
      CREATE TRIGGER credit_purchase_settles AFTER INSERT ON credit_purchase
        FOR EACH ROW EXECUTE FUNCTION settle_credit_purchase();
      CREATE POLICY credit_grant_given ON credit_grant AS RESTRICTIVE FOR INSERT WITH CHECK (source <> 'purchased');

      -- When credits are bought without being asked for.
      CREATE TABLE credit_top_up (
        organization_id uuid NOT NULL,
        seller_slug text NOT NULL,
        currency text NOT NULL,
        subscription_id uuid NOT NULL,
        pack text NOT NULL,
        -- Of a pack with an amount of one's own.
        amount_minor bigint,
        threshold_minor bigint NOT NULL,
        -- The most that is charged in a calendar month (UTC), before tax.
        monthly_limit_minor bigint NOT NULL,
        state text NOT NULL,
        CONSTRAINT credit_top_up_pk PRIMARY KEY (organization_id, seller_slug, currency),
        CONSTRAINT credit_top_up_subscription_fk FOREIGN KEY (organization_id, subscription_id)
          REFERENCES subscription (organization_id, id),
        CONSTRAINT credit_top_up_seller_fk FOREIGN KEY (seller_slug) REFERENCES seller (slug),
        CONSTRAINT credit_top_up_amounts CHECK (amount_minor > 0 AND threshold_minor > 0 AND monthly_limit_minor > 0),
        CONSTRAINT credit_top_up_state_known CHECK (state IN ('active', 'stopped'))
      );
      ALTER TABLE credit_top_up ENABLE ROW LEVEL SECURITY;
      CREATE POLICY credit_top_up_scope ON credit_top_up
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE, DELETE ON credit_top_up TO tollgate_app;

      -- What was told of credits that run low: once for each threshold until there are others.
      CREATE TABLE credit_alert (
        organization_id uuid NOT NULL,
        newest_grant_id uuid NOT NULL,
        threshold integer NOT NULL,
        raised_at timestamptz NOT NULL,
        CONSTRAINT credit_alert_pk PRIMARY KEY (newest_grant_id, threshold),
        CONSTRAINT credit_alert_grant_fk FOREIGN KEY (organization_id, newest_grant_id)
          REFERENCES credit_grant (organization_id, id)
      );
      ALTER TABLE credit_alert ENABLE ROW LEVEL SECURITY;
      CREATE POLICY credit_alert_scope ON credit_alert
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON credit_alert TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE credit_alert;
      DROP TABLE credit_top_up;
      DROP POLICY credit_grant_given ON credit_grant;
      DROP TRIGGER invoice_settles_credit_purchase ON invoice;
      DROP TABLE credit_purchase;
      DROP FUNCTION settle_credit_purchase();
      DROP FUNCTION guard_credit_purchase();
      ALTER TABLE invoice_line
        DROP CONSTRAINT invoice_line_meter_set,
        DROP CONSTRAINT invoice_line_kind_known,
        ADD CONSTRAINT invoice_line_kind_known CHECK (
          kind IN ('fixed_fee', 'fixed_fee_credit', 'setup_fee', 'usage', 'late_usage', 'minimum_commitment', 'prepaid_credit')),
        ADD CONSTRAINT invoice_line_meter_set CHECK (
          (kind IN ('fixed_fee', 'fixed_fee_credit', 'setup_fee', 'prepaid_credit')) = (meter IS NULL));
      DROP TRIGGER invoice_kind_guard ON invoice;
      DROP FUNCTION guard_invoice_kind();
      DROP INDEX invoice_period_key;
      ALTER TABLE invoice DROP COLUMN kind;
      DO $$ BEGIN
        -- Invoices that replace void ones came with an index in the place of the constraint.
        IF EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'invoice' AND column_name = 'replaces_invoice_id') THEN
          CREATE UNIQUE INDEX invoice_period_key ON invoice (subscription_id, period_start) WHERE state <> 'void';
        ELSE
          ALTER TABLE invoice ADD CONSTRAINT invoice_period_key UNIQUE (subscription_id, period_start);
        END IF;
      END $$;
      ALTER TABLE api_product DROP COLUMN credit_packs;
    `);
  }
}
