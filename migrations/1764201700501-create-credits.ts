import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Prepaid credits: grants, and a ledger of what became of each that is only added to. The database keeps what is left of a
 * grant and refuses one below zero; a line of an invoice that is paid with credits burns them in the same statement, and
 * an invoice that becomes void gives them back.
 */
export class CreateCredits1764201700501 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE credit_grant (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        seller_slug text NOT NULL,
        currency text NOT NULL,
        amount_minor bigint NOT NULL,
        -- What no invoice has burned yet; the database computes it, with the number of entries so far.
        remaining_minor bigint NOT NULL,
        last_entry integer NOT NULL,
        source text NOT NULL,
        priority integer NOT NULL,
        api_product_id uuid,
        meter text,
        reason text NOT NULL,
        granted_at timestamptz NOT NULL,
        expires_at timestamptz,
        actor_kind text NOT NULL,
        actor_id text,
        CONSTRAINT credit_grant_pk PRIMARY KEY (id),
        CONSTRAINT credit_grant_organization_key UNIQUE (organization_id, id),
        CONSTRAINT credit_grant_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id),
        CONSTRAINT credit_grant_seller_fk FOREIGN KEY (seller_slug) REFERENCES seller (slug),
        CONSTRAINT credit_grant_product_fk FOREIGN KEY (api_product_id) REFERENCES api_product (id),
        CONSTRAINT credit_grant_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
        CONSTRAINT credit_grant_something CHECK (amount_minor > 0),
        CONSTRAINT credit_grant_not_overdrawn CHECK (remaining_minor BETWEEN 0 AND amount_minor),
        CONSTRAINT credit_grant_source_known CHECK (source IN ('purchased', 'promotional', 'adjustment')),
        CONSTRAINT credit_grant_priority_range CHECK (priority BETWEEN 0 AND 100),
        CONSTRAINT credit_grant_meter_of_product CHECK (meter IS NULL OR api_product_id IS NOT NULL),
        CONSTRAINT credit_grant_reason_given CHECK (reason <> ''),
        CONSTRAINT credit_grant_expires_later CHECK (expires_at > granted_at)
      );
      CREATE INDEX credit_grant_organization_idx ON credit_grant (organization_id, id DESC);
      CREATE INDEX credit_grant_in_store_idx ON credit_grant (organization_id) WHERE remaining_minor > 0;
      CREATE INDEX credit_grant_expiry_idx ON credit_grant (expires_at) WHERE remaining_minor > 0;
      CREATE FUNCTION guard_credit_grant() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'INSERT' THEN
          NEW.remaining_minor := NEW.amount_minor;
          NEW.last_entry := 0;
          RETURN NEW;
        END IF;
        IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - '{remaining_minor,last_entry}'::text[] = to_jsonb(OLD) - '{remaining_minor,last_entry}'::text[]
           AND NEW.last_entry = OLD.last_entry + 1 THEN
          RETURN NEW;
        END IF;
        RAISE EXCEPTION 'credit grant % is fixed: entries say what becomes of it', OLD.id
          USING ERRCODE = 'integrity_constraint_violation';
      END $$;
      CREATE TRIGGER credit_grant_guard BEFORE INSERT OR UPDATE OR DELETE ON credit_grant
        FOR EACH ROW EXECUTE FUNCTION guard_credit_grant();
      ALTER TABLE credit_grant ENABLE ROW LEVEL SECURITY;
      CREATE POLICY credit_grant_scope ON credit_grant
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON credit_grant TO tollgate_app;

      -- Credits that finance gives: above a limit they wait for another person. The grant has the id of its proposal.
      CREATE TABLE credit_proposal (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        seller_slug text NOT NULL,
        currency text NOT NULL,
        amount_minor bigint NOT NULL,
        source text NOT NULL,
        priority integer NOT NULL,
        api_product_id uuid,
        meter text,
        reason text NOT NULL,
        expires_at timestamptz,
        -- Up to this amount one person is enough.
        limit_minor bigint NOT NULL,
        state text NOT NULL,
        proposed_by text NOT NULL,
        proposed_at timestamptz NOT NULL,
        decided_by text,
        decided_at timestamptz,
        CONSTRAINT credit_proposal_pk PRIMARY KEY (id),
        CONSTRAINT credit_proposal_organization_key UNIQUE (organization_id, id),
        CONSTRAINT credit_proposal_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id),
        CONSTRAINT credit_proposal_seller_fk FOREIGN KEY (seller_slug) REFERENCES seller (slug),
        CONSTRAINT credit_proposal_something CHECK (amount_minor > 0),
        CONSTRAINT credit_proposal_source_known CHECK (source IN ('promotional', 'adjustment')),
        CONSTRAINT credit_proposal_state_known CHECK (state IN ('proposed', 'approved', 'refused')),
        CONSTRAINT credit_proposal_decided_whole CHECK (
          (state <> 'proposed') = (decided_by IS NOT NULL) AND (state <> 'proposed') = (decided_at IS NOT NULL)),
        CONSTRAINT credit_proposal_two_people CHECK (
          state <> 'approved' OR decided_by <> proposed_by OR amount_minor <= limit_minor)
      );
      CREATE INDEX credit_proposal_proposed_idx ON credit_proposal (id) WHERE state = 'proposed';
      CREATE FUNCTION guard_credit_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'INSERT' THEN
          IF NEW.state = 'proposed' THEN RETURN NEW; END IF;
          RAISE EXCEPTION 'credit proposal % is %: it must begin proposed', NEW.id, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF TG_OP = 'DELETE' OR OLD.state <> 'proposed'
           OR to_jsonb(NEW) - '{state,decided_by,decided_at}'::text[] <> to_jsonb(OLD) - '{state,decided_by,decided_at}'::text[] THEN
          RAISE EXCEPTION 'credit proposal % is %: it can only be decided, once', OLD.id, OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER credit_proposal_guard BEFORE INSERT OR UPDATE OR DELETE ON credit_proposal
        FOR EACH ROW EXECUTE FUNCTION guard_credit_proposal();
      ALTER TABLE credit_proposal ENABLE ROW LEVEL SECURITY;
      CREATE POLICY credit_proposal_scope ON credit_proposal
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON credit_proposal TO tollgate_app;

      ALTER TABLE invoice_line
        ADD COLUMN credit_grant_id uuid,
        ADD CONSTRAINT invoice_line_credit_grant_fk FOREIGN KEY (organization_id, credit_grant_id)
          REFERENCES credit_grant (organization_id, id),
        DROP CONSTRAINT invoice_line_kind_known,
        DROP CONSTRAINT invoice_line_meter_set,
        ADD CONSTRAINT invoice_line_kind_known CHECK (
          kind IN ('fixed_fee', 'fixed_fee_credit', 'setup_fee', 'usage', 'late_usage', 'minimum_commitment', 'prepaid_credit')),
        ADD CONSTRAINT invoice_line_meter_set CHECK (
          (kind IN ('fixed_fee', 'fixed_fee_credit', 'setup_fee', 'prepaid_credit')) = (meter IS NULL)),
        ADD CONSTRAINT invoice_line_credit_grant_set CHECK ((kind = 'prepaid_credit') = (credit_grant_id IS NOT NULL)),
        ADD CONSTRAINT invoice_line_credit_negative CHECK (kind <> 'prepaid_credit' OR amount_minor < 0);
      CREATE UNIQUE INDEX invoice_line_credit_grant_key ON invoice_line (invoice_id, credit_grant_id)
        WHERE credit_grant_id IS NOT NULL;

      CREATE TABLE credit_entry (
        grant_id uuid NOT NULL,
        number integer NOT NULL,
        organization_id uuid NOT NULL,
        kind text NOT NULL,
        amount_minor bigint NOT NULL,
        -- What is left of the grant with this entry; the database computes it.
        remaining_minor bigint NOT NULL,
        invoice_id uuid,
        -- Null for what came back: then the invoice says when it became void.
        created_at timestamptz,
        CONSTRAINT credit_entry_pk PRIMARY KEY (grant_id, number),
        CONSTRAINT credit_entry_grant_fk FOREIGN KEY (organization_id, grant_id) REFERENCES credit_grant (organization_id, id),
        CONSTRAINT credit_entry_invoice_fk FOREIGN KEY (organization_id, invoice_id) REFERENCES invoice (organization_id, id),
        CONSTRAINT credit_entry_kind_known CHECK (kind IN ('burned', 'returned', 'expired')),
        CONSTRAINT credit_entry_invoice_set CHECK ((kind IN ('burned', 'returned')) = (invoice_id IS NOT NULL)),
        CONSTRAINT credit_entry_sign CHECK (amount_minor <> 0 AND (amount_minor > 0) = (kind = 'returned')),
        CONSTRAINT credit_entry_dated CHECK (kind = 'returned' OR created_at IS NOT NULL)
      );
      CREATE UNIQUE INDEX credit_entry_invoice_key ON credit_entry (invoice_id, grant_id, kind) WHERE invoice_id IS NOT NULL;
      CREATE INDEX credit_entry_organization_idx ON credit_entry (organization_id);

      -- Runs as the owner: the application's role adds entries, and cannot write what is left.
      CREATE FUNCTION add_to_credits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        UPDATE credit_grant SET remaining_minor = remaining_minor + NEW.amount_minor, last_entry = last_entry + 1
          WHERE id = NEW.grant_id RETURNING remaining_minor, last_entry INTO NEW.remaining_minor, NEW.number;
        RETURN NEW;
      END $$;
      CREATE TRIGGER credit_entry_adds BEFORE INSERT ON credit_entry FOR EACH ROW EXECUTE FUNCTION add_to_credits();
      CREATE TRIGGER credit_entry_fixed BEFORE UPDATE OR DELETE ON credit_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
      ALTER TABLE credit_entry ENABLE ROW LEVEL SECURITY;
      CREATE POLICY credit_entry_scope ON credit_entry
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      -- What is burned and given back is written by the two triggers below only.
      GRANT SELECT, INSERT ON credit_entry TO tollgate_app;
      CREATE POLICY credit_entry_expiry ON credit_entry AS RESTRICTIVE FOR INSERT WITH CHECK (kind = 'expired');

      CREATE FUNCTION burn_credits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
      CREATE TRIGGER invoice_line_burns AFTER INSERT ON invoice_line
        FOR EACH ROW WHEN (NEW.kind = 'prepaid_credit') EXECUTE FUNCTION burn_credits();

      CREATE FUNCTION return_credits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        IF NOT EXISTS (SELECT FROM credit_entry WHERE invoice_id = NEW.id) THEN RETURN NULL; END IF;
        -- As those do who burn, so that two never wait for each other.
        PERFORM pg_advisory_xact_lock(hashtextextended('credits ' || NEW.organization_id, 0));
        INSERT INTO credit_entry (grant_id, organization_id, kind, amount_minor, invoice_id)
          SELECT grant_id, organization_id, 'returned', -amount_minor, invoice_id FROM credit_entry
          WHERE invoice_id = NEW.id AND kind = 'burned' ORDER BY grant_id;
        RETURN NULL;
      END $$;
      CREATE TRIGGER invoice_returns_credits AFTER UPDATE OF state ON invoice
        FOR EACH ROW WHEN (NEW.state = 'void' AND OLD.state <> 'void') EXECUTE FUNCTION return_credits();
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TRIGGER invoice_returns_credits ON invoice;
      DROP FUNCTION return_credits();
      DROP TRIGGER invoice_line_burns ON invoice_line;
      DROP FUNCTION burn_credits();
      DROP TABLE credit_entry;
      DROP FUNCTION add_to_credits();
      ALTER TABLE invoice_line
        DROP CONSTRAINT invoice_line_credit_negative,
        DROP CONSTRAINT invoice_line_credit_grant_set,
        DROP CONSTRAINT invoice_line_meter_set,
        DROP CONSTRAINT invoice_line_kind_known,
        DROP CONSTRAINT invoice_line_credit_grant_fk,
        DROP COLUMN credit_grant_id,
        ADD CONSTRAINT invoice_line_kind_known CHECK (
          kind IN ('fixed_fee', 'fixed_fee_credit', 'setup_fee', 'usage', 'late_usage', 'minimum_commitment')),
        ADD CONSTRAINT invoice_line_meter_set CHECK (
          (kind IN ('fixed_fee', 'fixed_fee_credit', 'setup_fee')) = (meter IS NULL));
      DROP TABLE credit_proposal;
      DROP FUNCTION guard_credit_proposal();
      DROP TABLE credit_grant;
      DROP FUNCTION guard_credit_grant();
    `);
  }
}
