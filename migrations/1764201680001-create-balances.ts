import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What an organization has in store with a seller: a ledger that is only added to, and its sum, which the database keeps
 * itself. Adjustments of it by hand need two people. An invoice says what it took of the balance and what it gave to it,
 * and moves by the table of states only.
 */
export class CreateBalances1764201680001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE invoice
        -- What its lines give back beyond what they charge: it went to the balance.
        ADD COLUMN excess_credit_minor bigint NOT NULL DEFAULT 0,
        -- What it took of the balance when it was issued.
        ADD COLUMN balance_applied_minor bigint NOT NULL DEFAULT 0,
        ADD CONSTRAINT invoice_excess_credit_positive CHECK (excess_credit_minor >= 0),
        ADD CONSTRAINT invoice_balance_within_total CHECK (balance_applied_minor BETWEEN 0 AND total_minor);

      CREATE TABLE adjustment (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        seller_slug text NOT NULL,
        currency text NOT NULL,
        amount_minor bigint NOT NULL,
        reason text NOT NULL,
        state text NOT NULL,
        proposed_by text NOT NULL,
        proposed_at timestamptz NOT NULL,
        decided_by text,
        decided_at timestamptz,
        CONSTRAINT adjustment_pk PRIMARY KEY (id),
        CONSTRAINT adjustment_organization_key UNIQUE (organization_id, id),
        CONSTRAINT adjustment_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id),
        CONSTRAINT adjustment_seller_fk FOREIGN KEY (seller_slug) REFERENCES seller (slug),
        CONSTRAINT adjustment_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
        CONSTRAINT adjustment_not_nothing CHECK (amount_minor <> 0),
        CONSTRAINT adjustment_reason_given CHECK (reason <> ''),
        CONSTRAINT adjustment_state_known CHECK (state IN ('proposed', 'approved', 'refused')),
        CONSTRAINT adjustment_decided_whole CHECK (
          (state <> 'proposed') = (decided_by IS NOT NULL) AND (state <> 'proposed') = (decided_at IS NOT NULL)),
        CONSTRAINT adjustment_two_people CHECK (state <> 'approved' OR decided_by <> proposed_by)
      );
      CREATE INDEX adjustment_proposed_idx ON adjustment (id) WHERE state = 'proposed';
      CREATE FUNCTION guard_adjustment() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'INSERT' THEN
          IF NEW.state = 'proposed' THEN RETURN NEW; END IF;
          RAISE EXCEPTION 'adjustment % is %: it must begin proposed', NEW.id, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF TG_OP = 'DELETE' OR OLD.state <> 'proposed' OR
           (NEW.id, NEW.organization_id, NEW.seller_slug, NEW.currency, NEW.amount_minor, NEW.reason, NEW.proposed_by, NEW.proposed_at)
           IS DISTINCT FROM
           (OLD.id, OLD.organization_id, OLD.seller_slug, OLD.currency, OLD.amount_minor, OLD.reason, OLD.proposed_by, OLD.proposed_at)
        THEN
          RAISE EXCEPTION 'adjustment % is %: it can only be decided, once', OLD.id, OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER adjustment_guard BEFORE INSERT OR UPDATE OR DELETE ON adjustment
        FOR EACH ROW EXECUTE FUNCTION guard_adjustment();
      ALTER TABLE adjustment ENABLE ROW LEVEL SECURITY;
      CREATE POLICY adjustment_scope ON adjustment
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON adjustment TO tollgate_app;

      CREATE TABLE balance (
        organization_id uuid NOT NULL,
        seller_slug text NOT NULL,
        currency text NOT NULL,
        amount_minor bigint NOT NULL,
        CONSTRAINT balance_pk PRIMARY KEY (organization_id, seller_slug, currency),
        CONSTRAINT balance_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id),
        CONSTRAINT balance_seller_fk FOREIGN KEY (seller_slug) REFERENCES seller (slug),
        CONSTRAINT balance_not_negative CHECK (amount_minor >= 0)
      );
      ALTER TABLE balance ENABLE ROW LEVEL SECURITY;
      CREATE POLICY balance_scope ON balance
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT ON balance TO tollgate_app;

      CREATE TABLE balance_entry (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        seller_slug text NOT NULL,
        currency text NOT NULL,
        amount_minor bigint NOT NULL,
        -- The balance with this entry; the database computes it.
        balance_minor bigint NOT NULL,
        kind text NOT NULL,
        reason text NOT NULL,
        invoice_id uuid,
        adjustment_id uuid,
        actor_kind text NOT NULL,
        actor_id text,
        created_at timestamptz NOT NULL,
        CONSTRAINT balance_entry_pk PRIMARY KEY (id),
        CONSTRAINT balance_entry_invoice_fk FOREIGN KEY (organization_id, invoice_id) REFERENCES invoice (organization_id, id),
        CONSTRAINT balance_entry_adjustment_fk FOREIGN KEY (organization_id, adjustment_id)
          REFERENCES adjustment (organization_id, id),
        CONSTRAINT balance_entry_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
        CONSTRAINT balance_entry_not_nothing CHECK (amount_minor <> 0),
        CONSTRAINT balance_entry_kind_known CHECK (kind IN ('excess_credit', 'applied', 'adjustment')),
        CONSTRAINT balance_entry_invoice_set CHECK (kind NOT IN ('excess_credit', 'applied') OR invoice_id IS NOT NULL),
        CONSTRAINT balance_entry_adjustment_set CHECK ((kind = 'adjustment') = (adjustment_id IS NOT NULL)),
        CONSTRAINT balance_entry_sign CHECK (kind = 'adjustment' OR (amount_minor < 0) = (kind = 'applied'))
      );
      CREATE INDEX balance_entry_balance_idx ON balance_entry (organization_id, seller_slug, currency, id DESC);
      CREATE UNIQUE INDEX balance_entry_invoice_key ON balance_entry (invoice_id, kind)
        WHERE kind IN ('excess_credit', 'applied');
      CREATE UNIQUE INDEX balance_entry_adjustment_key ON balance_entry (adjustment_id) WHERE adjustment_id IS NOT NULL;

      -- Runs as the owner: the application's role adds entries, and cannot write the sum.
      CREATE FUNCTION add_to_balance() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        INSERT INTO balance VALUES (NEW.organization_id, NEW.seller_slug, NEW.currency, 0) ON CONFLICT DO NOTHING;
        UPDATE balance SET amount_minor = amount_minor + NEW.amount_minor
          WHERE organization_id = NEW.organization_id AND seller_slug = NEW.seller_slug AND currency = NEW.currency
          RETURNING amount_minor INTO NEW.balance_minor;
        RETURN NEW;
      END $$;
      CREATE TRIGGER balance_entry_adds BEFORE INSERT ON balance_entry FOR EACH ROW EXECUTE FUNCTION add_to_balance();
      CREATE TRIGGER balance_entry_fixed BEFORE UPDATE OR DELETE ON balance_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
      ALTER TABLE balance_entry ENABLE ROW LEVEL SECURITY;
      CREATE POLICY balance_entry_scope ON balance_entry
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON balance_entry TO tollgate_app;

      CREATE OR REPLACE FUNCTION guard_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE line_total bigint;
      BEGIN
        IF TG_OP = 'DELETE' THEN
          RAISE EXCEPTION 'invoice % is never deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        -- What is owed and by whom is fixed with the lines: as soon as it is no draft any more.
        IF OLD.state <> 'draft' AND
           (NEW.id, NEW.organization_id, NEW.subscription_id, NEW.period_start, NEW.period_end, NEW.mode, NEW.currency,
            NEW.subtotal_minor, NEW.tax_minor, NEW.total_minor, NEW.rating_hash, NEW.created_at,
            NEW.seller_slug, NEW.seller, NEW.excess_credit_minor)
           IS DISTINCT FROM
           (OLD.id, OLD.organization_id, OLD.subscription_id, OLD.period_start, OLD.period_end, OLD.mode, OLD.currency,
            OLD.subtotal_minor, OLD.tax_minor, OLD.total_minor, OLD.rating_hash, OLD.created_at,
            OLD.seller_slug, OLD.seller, OLD.excess_credit_minor) THEN
          RAISE EXCEPTION 'invoice % is %: only its state and payment may change', OLD.id, OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        -- Number, date and what is taken from the balance are given once, by the step that issues it.
        IF (NEW.number, NEW.issued_at, NEW.balance_applied_minor) IS DISTINCT FROM
             (OLD.number, OLD.issued_at, OLD.balance_applied_minor)
           AND NOT (OLD.state = 'locked' AND NEW.state = 'issued') THEN
          RAISE EXCEPTION 'invoice % is %: it gets its number and date when it is issued', OLD.id, OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.review_ends_at IS DISTINCT FROM OLD.review_ends_at AND OLD.state NOT IN ('draft', 'review') THEN
          RAISE EXCEPTION 'invoice % is %: its review is over', OLD.id, OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.state <> OLD.state AND NOT (CASE OLD.state
             WHEN 'draft' THEN NEW.state IN ('review', 'locked')
             WHEN 'review' THEN NEW.state = 'locked'
             WHEN 'locked' THEN NEW.state = 'issued'
             WHEN 'issued' THEN NEW.state IN ('paid', 'past_due', 'void')
               WHEN 'past_due' THEN NEW.state IN ('paid', 'void')
               ELSE false END) THEN
          RAISE EXCEPTION 'invoice % is % and cannot become %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF OLD.state = 'draft' AND NEW.state <> 'draft' THEN
          SELECT coalesce(sum(amount_minor), 0) INTO line_total FROM invoice_line WHERE invoice_id = NEW.id;
          IF line_total <> NEW.subtotal_minor THEN
            RAISE EXCEPTION 'invoice %: the lines add up to %, the subtotal says %', NEW.id, line_total, NEW.subtotal_minor
              USING ERRCODE = 'integrity_constraint_violation';
          END IF;
        END IF;
        RETURN NEW;
      END $$;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE OR REPLACE FUNCTION guard_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE line_total bigint;
      BEGIN
        IF TG_OP = 'DELETE' THEN
          RAISE EXCEPTION 'invoice % is never deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        -- What is owed and by whom is fixed with the lines: as soon as it is no draft any more.
        IF OLD.state <> 'draft' AND
           (NEW.id, NEW.organization_id, NEW.subscription_id, NEW.period_start, NEW.period_end, NEW.mode, NEW.currency,
            NEW.subtotal_minor, NEW.tax_minor, NEW.total_minor, NEW.rating_hash, NEW.created_at,
            NEW.seller_slug, NEW.seller)
           IS DISTINCT FROM
           (OLD.id, OLD.organization_id, OLD.subscription_id, OLD.period_start, OLD.period_end, OLD.mode, OLD.currency,
            OLD.subtotal_minor, OLD.tax_minor, OLD.total_minor, OLD.rating_hash, OLD.created_at,
            OLD.seller_slug, OLD.seller) THEN
          RAISE EXCEPTION 'invoice % is %: only its state and payment may change', OLD.id, OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        -- Number and date are given once, by the step that issues it.
        IF (NEW.number, NEW.issued_at) IS DISTINCT FROM (OLD.number, OLD.issued_at)
           AND NOT (OLD.state = 'locked' AND NEW.state = 'issued') THEN
          RAISE EXCEPTION 'invoice % is %: it gets its number and date when it is issued', OLD.id, OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.review_ends_at IS DISTINCT FROM OLD.review_ends_at AND OLD.state NOT IN ('draft', 'review') THEN
          RAISE EXCEPTION 'invoice % is %: its review is over', OLD.id, OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.state <> OLD.state AND NOT (CASE OLD.state
             WHEN 'draft' THEN NEW.state IN ('review', 'locked')
             WHEN 'review' THEN NEW.state = 'locked'
             WHEN 'locked' THEN NEW.state = 'issued'
             ELSE NEW.state IN ('issued', 'paid', 'past_due', 'void') END) THEN
          RAISE EXCEPTION 'invoice % is % and cannot become %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF OLD.state = 'draft' AND NEW.state <> 'draft' THEN
          SELECT coalesce(sum(amount_minor), 0) INTO line_total FROM invoice_line WHERE invoice_id = NEW.id;
          IF line_total <> NEW.subtotal_minor THEN
            RAISE EXCEPTION 'invoice %: the lines add up to %, the subtotal says %', NEW.id, line_total, NEW.subtotal_minor
              USING ERRCODE = 'integrity_constraint_violation';
          END IF;
        END IF;
        RETURN NEW;
      END $$;
      DROP TABLE balance_entry;
      DROP FUNCTION add_to_balance();
      DROP TABLE balance;
      DROP TABLE adjustment;
      DROP FUNCTION guard_adjustment();
      ALTER TABLE invoice
        DROP CONSTRAINT invoice_balance_within_total,
        DROP CONSTRAINT invoice_excess_credit_positive,
        DROP COLUMN balance_applied_minor,
        DROP COLUMN excess_credit_minor;
    `);
  }
}
