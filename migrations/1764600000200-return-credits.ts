import type { MigrationInterface, QueryRunner } from 'typeorm';

const WITHOUT_METER = `'fixed_fee', 'fixed_fee_credit', 'setup_fee', 'prepaid_credit', 'credit_purchase'`;

/**
 * Usage that credits had paid gives back to their grants: by a line of credits above zero, of the period and meter whose usage it is.
 * The insert of that line writes the entry, as it does for a burn; and an invoice that becomes void takes it back.
 */
export class ReturnCredits1764600000200 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE invoice_line
        DROP CONSTRAINT invoice_line_credit_negative,
        DROP CONSTRAINT invoice_line_meter_set,
        ADD CONSTRAINT invoice_line_credit_something CHECK (kind <> 'prepaid_credit' OR amount_minor <> 0),
        -- A discount has the meter of the line that it is of, and credits that are returned that of the usage that they had paid.
        ADD CONSTRAINT invoice_line_meter_set CHECK (
          kind = 'discount' OR (kind IN (${WITHOUT_METER}) AND NOT (kind = 'prepaid_credit' AND amount_minor > 0)) = (meter IS NULL));
      DROP INDEX invoice_line_credit_grant_key;
      CREATE UNIQUE INDEX invoice_line_credit_grant_key ON invoice_line (invoice_id, credit_grant_id)
        WHERE credit_grant_id IS NOT NULL AND amount_minor < 0;
      CREATE UNIQUE INDEX invoice_line_credit_return_key ON invoice_line (invoice_id, credit_grant_id, period_start, meter)
        WHERE credit_grant_id IS NOT NULL AND amount_minor > 0;

      -- Without a date: what came back of an invoice that became void, or was taken back with it.
      ALTER TABLE credit_entry
        DROP CONSTRAINT credit_entry_dated,
        ADD CONSTRAINT credit_entry_dated CHECK (kind <> 'expired' OR created_at IS NOT NULL);
      DROP INDEX credit_entry_invoice_key;
      CREATE INDEX credit_entry_invoice_idx ON credit_entry (invoice_id) WHERE invoice_id IS NOT NULL;
      CREATE UNIQUE INDEX credit_entry_burn_key ON credit_entry (invoice_id, grant_id)
        WHERE kind = 'burned' AND created_at IS NOT NULL;
      CREATE UNIQUE INDEX credit_entry_void_key ON credit_entry (invoice_id, grant_id, kind)
        WHERE invoice_id IS NOT NULL AND created_at IS NULL;

      -- Of no grant does a subscription get more back than its invoices have burned.
      CREATE FUNCTION check_returned_credits(of_subscription uuid, of_grants uuid[]) RETURNS void LANGUAGE plpgsql AS $$
      DECLARE exceeded uuid;
      BEGIN
        SELECT entry.grant_id INTO exceeded FROM credit_entry entry JOIN invoice ON invoice.id = entry.invoice_id
          WHERE entry.grant_id = ANY(of_grants) AND invoice.subscription_id = of_subscription
          GROUP BY entry.grant_id HAVING sum(entry.amount_minor) > 0 LIMIT 1;
        IF FOUND THEN
          RAISE EXCEPTION 'more would come back to credit grant % than subscription % has burned of it', exceeded, of_subscription
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
      END $$;

      CREATE OR REPLACE FUNCTION burn_credits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE of_invoice invoice%ROWTYPE; of_grant credit_grant%ROWTYPE;
      BEGIN
        SELECT * INTO of_invoice FROM invoice WHERE id = NEW.invoice_id;
        SELECT * INTO of_grant FROM credit_grant WHERE id = NEW.credit_grant_id;
        IF of_grant.seller_slug <> of_invoice.seller_slug OR of_grant.currency <> of_invoice.currency
           OR (NEW.amount_minor < 0 AND (of_grant.granted_at >= of_invoice.period_end OR of_grant.expires_at < of_invoice.period_end)) THEN
          RAISE EXCEPTION 'credit grant % cannot pay invoice %: its seller, currency or time is another', of_grant.id, of_invoice.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.amount_minor > 0 AND (NEW.period_start >= of_invoice.period_start OR of_grant.meter <> NEW.meter) THEN
          RAISE EXCEPTION 'credit grant % has not paid the % of %', of_grant.id, NEW.meter, NEW.period_start
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        INSERT INTO credit_entry (grant_id, organization_id, kind, amount_minor, invoice_id, created_at)
          VALUES (NEW.credit_grant_id, NEW.organization_id, CASE WHEN NEW.amount_minor < 0 THEN 'burned' ELSE 'returned' END,
            NEW.amount_minor, NEW.invoice_id, of_invoice.created_at);
        IF NEW.amount_minor > 0 THEN
          PERFORM check_returned_credits(of_invoice.subscription_id, ARRAY[NEW.credit_grant_id]);
        END IF;
        RETURN NULL;
      END $$;

      CREATE OR REPLACE FUNCTION return_credits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        IF NOT EXISTS (SELECT FROM credit_entry WHERE invoice_id = NEW.id) THEN RETURN NULL; END IF;
        -- As those do who burn, so that two never wait for each other.
        PERFORM pg_advisory_xact_lock(hashtextextended('credits ' || NEW.organization_id, 0));
        -- First what it burned, as that may be of what it returned.
        INSERT INTO credit_entry (grant_id, organization_id, kind, amount_minor, invoice_id)
          SELECT grant_id, organization_id, CASE kind WHEN 'burned' THEN 'returned' ELSE 'burned' END, -sum(amount_minor), invoice_id
          FROM credit_entry WHERE invoice_id = NEW.id AND created_at IS NOT NULL
          GROUP BY grant_id, organization_id, kind, invoice_id ORDER BY grant_id, kind;
        PERFORM check_returned_credits(NEW.subscription_id,
          ARRAY(SELECT DISTINCT grant_id FROM credit_entry WHERE invoice_id = NEW.id));
        RETURN NULL;
      END $$;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE OR REPLACE FUNCTION burn_credits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE of_invoice invoice%ROWTYPE; of_grant credit_grant%ROWTYPE;
      BEGIN
        SELECT * INTO of_invoice FROM invoice WHERE id = NEW.invoice_id;
        SELECT * INTO of_grant FROM credit_grant WHERE id = NEW.credit_grant_id;
        IF of_grant.seller_slug <> of_invoice.seller_slug OR of_grant.currency <> of_invoice.currency
           OR of_grant.granted_at >= of_invoice.period_end OR of_grant.expires_at < of_invoice.period_end THEN
          RAISE EXCEPTION 'credit grant % cannot pay invoice %: its seller, currency or time is another', of_grant.id, of_invoice.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        INSERT INTO credit_entry (grant_id, organization_id, kind, amount_minor, invoice_id, created_at)
          VALUES (NEW.credit_grant_id, NEW.organization_id, 'burned', NEW.amount_minor, NEW.invoice_id, of_invoice.created_at);
        RETURN NULL;
      END $$;
      CREATE OR REPLACE FUNCTION return_credits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        IF NOT EXISTS (SELECT FROM credit_entry WHERE invoice_id = NEW.id) THEN RETURN NULL; END IF;
        -- As those do who burn, so that two never wait for each other.
        PERFORM pg_advisory_xact_lock(hashtextextended('credits ' || NEW.organization_id, 0));
        INSERT INTO credit_entry (grant_id, organization_id, kind, amount_minor, invoice_id)
          SELECT grant_id, organization_id, 'returned', -amount_minor, invoice_id FROM credit_entry
          WHERE invoice_id = NEW.id AND kind = 'burned' ORDER BY grant_id;
        RETURN NULL;
      END $$;
      DROP FUNCTION check_returned_credits(uuid, uuid[]);
      DROP INDEX credit_entry_void_key, credit_entry_burn_key, credit_entry_invoice_idx;
      CREATE UNIQUE INDEX credit_entry_invoice_key ON credit_entry (invoice_id, grant_id, kind) WHERE invoice_id IS NOT NULL;
      ALTER TABLE credit_entry
        DROP CONSTRAINT credit_entry_dated,
        ADD CONSTRAINT credit_entry_dated CHECK (kind = 'returned' OR created_at IS NOT NULL);
      DROP INDEX invoice_line_credit_return_key, invoice_line_credit_grant_key;
      CREATE UNIQUE INDEX invoice_line_credit_grant_key ON invoice_line (invoice_id, credit_grant_id)
        WHERE credit_grant_id IS NOT NULL;
      ALTER TABLE invoice_line
        DROP CONSTRAINT invoice_line_meter_set,
        DROP CONSTRAINT invoice_line_credit_something,
        ADD CONSTRAINT invoice_line_credit_negative CHECK (kind <> 'prepaid_credit' OR amount_minor < 0),
        ADD CONSTRAINT invoice_line_meter_set CHECK (kind = 'discount' OR (kind IN (${WITHOUT_METER})) = (meter IS NULL));
    `);
  }
}
