import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a credit note gives back can go to the card that paid, when one person proposes it and another approves. The database
 * lets no payment give back more than was paid by it, keeps each refund on its way from pending to succeeded or failed, and
 * has what failed in the balance.
 */
export class CreateRefunds1764201710202 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE refund_proposal (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        invoice_id uuid NOT NULL,
        seller_slug text NOT NULL,
        currency text NOT NULL,
        -- What goes to the card.
        amount_minor bigint NOT NULL,
        -- The total of the credit note that it is of, with tax.
        credited_minor bigint NOT NULL,
        -- [{lineId, amountMinor}] with the amounts as text, or null for all that is left of the line or of the invoice.
        lines jsonb,
        reason text NOT NULL,
        state text NOT NULL,
        proposed_by text NOT NULL,
        proposed_at timestamptz NOT NULL,
        decided_by text,
        decided_at timestamptz,
        CONSTRAINT refund_proposal_pk PRIMARY KEY (id),
        CONSTRAINT refund_proposal_organization_key UNIQUE (organization_id, id),
        CONSTRAINT refund_proposal_invoice_fk FOREIGN KEY (organization_id, invoice_id) REFERENCES invoice (organization_id, id),
        CONSTRAINT refund_proposal_seller_fk FOREIGN KEY (seller_slug) REFERENCES seller (slug),
        CONSTRAINT refund_proposal_over_money CHECK (amount_minor > 0 AND credited_minor >= amount_minor),
        CONSTRAINT refund_proposal_reason_given CHECK (reason <> ''),
        CONSTRAINT refund_proposal_state_known CHECK (state IN ('proposed', 'approved', 'refused')),
        CONSTRAINT refund_proposal_decided_whole CHECK (
          (state <> 'proposed') = (decided_by IS NOT NULL) AND (state <> 'proposed') = (decided_at IS NOT NULL)),
        CONSTRAINT refund_proposal_two_people CHECK (state <> 'approved' OR decided_by <> proposed_by)
      );
      CREATE INDEX refund_proposal_proposed_idx ON refund_proposal (id) WHERE state = 'proposed';
      CREATE INDEX refund_proposal_invoice_idx ON refund_proposal (invoice_id);
      CREATE FUNCTION guard_refund_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'INSERT' THEN
          IF NEW.state = 'proposed' THEN RETURN NEW; END IF;
          RAISE EXCEPTION 'refund proposal % is %: it must begin proposed', NEW.id, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF TG_OP = 'DELETE' OR OLD.state <> 'proposed' OR
           (to_jsonb(NEW) - ARRAY['state', 'decided_by', 'decided_at']) <> (to_jsonb(OLD) - ARRAY['state', 'decided_by', 'decided_at'])
        THEN
          RAISE EXCEPTION 'refund proposal % is %: it can only be decided, once', OLD.id, OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER refund_proposal_guard BEFORE INSERT OR UPDATE OR DELETE ON refund_proposal
        FOR EACH ROW EXECUTE FUNCTION guard_refund_proposal();
      ALTER TABLE refund_proposal ENABLE ROW LEVEL SECURITY;
      CREATE POLICY refund_proposal_scope ON refund_proposal
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON refund_proposal TO tollgate_app;

      ALTER TABLE credit_note
        -- What of it went to the card that paid the invoice.
        ADD COLUMN refunded_minor bigint NOT NULL DEFAULT 0,
        ADD CONSTRAINT credit_note_parts_within_total CHECK (refunded_minor >= 0 AND reduced_minor + refunded_minor <= total_minor);
      ALTER TABLE credit_note ALTER COLUMN refunded_minor DROP DEFAULT;
      ALTER TABLE payment ADD CONSTRAINT payment_organization_key UNIQUE (organization_id, id);

      CREATE TABLE refund (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        invoice_id uuid NOT NULL,
        credit_note_id uuid NOT NULL,
        payment_id uuid NOT NULL,
        proposal_id uuid NOT NULL,
        currency text NOT NULL,
        amount_minor bigint NOT NULL,
        state text NOT NULL,
        provider_refund_id text,
        -- The provider's credit note that the refund is linked to.
        provider_credit_note_id text,
        failure_code text,
        failure_message text,
        created_at timestamptz NOT NULL,
        succeeded_at timestamptz,
        failed_at timestamptz,
        CONSTRAINT refund_pk PRIMARY KEY (id),
        CONSTRAINT refund_organization_key UNIQUE (organization_id, id),
        CONSTRAINT refund_invoice_fk FOREIGN KEY (organization_id, invoice_id) REFERENCES invoice (organization_id, id),
        CONSTRAINT refund_credit_note_fk FOREIGN KEY (organization_id, credit_note_id) REFERENCES credit_note (organization_id, id),
        CONSTRAINT refund_payment_fk FOREIGN KEY (organization_id, payment_id) REFERENCES payment (organization_id, id),
        CONSTRAINT refund_proposal_fk FOREIGN KEY (organization_id, proposal_id) REFERENCES refund_proposal (organization_id, id),
        CONSTRAINT refund_credit_note_key UNIQUE (credit_note_id),
        CONSTRAINT refund_proposal_key UNIQUE (proposal_id),
        CONSTRAINT refund_provider_refund_key UNIQUE (provider_refund_id),
        CONSTRAINT refund_over_money CHECK (amount_minor > 0),
        CONSTRAINT refund_state_known CHECK (state IN ('pending', 'succeeded', 'failed')),
        CONSTRAINT refund_times_of_state CHECK (CASE state WHEN 'pending' THEN succeeded_at IS NULL AND failed_at IS NULL
          WHEN 'succeeded' THEN succeeded_at IS NOT NULL AND failed_at IS NULL ELSE failed_at IS NOT NULL END),
        CONSTRAINT refund_failure_of_failed CHECK (
          (failure_code IS NOT NULL) = (state = 'failed') AND (failure_message IS NOT NULL) = (state = 'failed'))
      );
      CREATE INDEX refund_invoice_idx ON refund (invoice_id);
      CREATE INDEX refund_payment_idx ON refund (payment_id);
      CREATE INDEX refund_pending_idx ON refund (id) WHERE state = 'pending';
      CREATE FUNCTION guard_refund() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE paid payment; before bigint;
      BEGIN
        -- Whoever refunds a payment of the invoice meanwhile is waited for.
        PERFORM FROM invoice WHERE id = NEW.invoice_id FOR UPDATE;
        SELECT * INTO paid FROM payment WHERE id = NEW.payment_id;
        SELECT coalesce(sum(amount_minor), 0) INTO before FROM refund WHERE payment_id = NEW.payment_id AND state <> 'failed';
        IF NEW.state <> 'pending' OR (paid.invoice_id, paid.currency, paid.method, paid.state)
             IS DISTINCT FROM (NEW.invoice_id, NEW.currency, 'card', 'succeeded')
           OR before + NEW.amount_minor > paid.amount_minor THEN
          RAISE EXCEPTION 'refund % over % cannot be of payment % over %, % by %, with % refunded', NEW.id, NEW.amount_minor,
            paid.id, paid.amount_minor, paid.state, paid.method, before USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NOT EXISTS (SELECT FROM refund_proposal WHERE id = NEW.proposal_id AND state = 'approved'
             AND (invoice_id, amount_minor) = (NEW.invoice_id, NEW.amount_minor)) THEN
          RAISE EXCEPTION 'refund % over % was not approved', NEW.id, NEW.amount_minor USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER refund_guard BEFORE INSERT ON refund FOR EACH ROW EXECUTE FUNCTION guard_refund();
      CREATE FUNCTION guard_refund_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF (NEW.id, NEW.organization_id, NEW.invoice_id, NEW.credit_note_id, NEW.payment_id, NEW.proposal_id, NEW.currency,
            NEW.amount_minor, NEW.created_at)
           IS DISTINCT FROM
           (OLD.id, OLD.organization_id, OLD.invoice_id, OLD.credit_note_id, OLD.payment_id, OLD.proposal_id, OLD.currency,
            OLD.amount_minor, OLD.created_at)
           OR OLD.provider_refund_id <> NEW.provider_refund_id OR OLD.provider_credit_note_id <> NEW.provider_credit_note_id
           OR OLD.succeeded_at <> NEW.succeeded_at OR OLD.failed_at <> NEW.failed_at
           OR NOT (OLD.state = NEW.state OR OLD.state = 'pending' OR (OLD.state = 'succeeded' AND NEW.state = 'failed')) THEN
          RAISE EXCEPTION 'refund % is %: it can only succeed or fail', OLD.id, OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER refund_change_guard BEFORE UPDATE ON refund FOR EACH ROW EXECUTE FUNCTION guard_refund_change();
      ALTER TABLE refund ENABLE ROW LEVEL SECURITY;
      CREATE POLICY refund_scope ON refund
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON refund TO tollgate_app;

      ALTER TABLE balance_entry
        ADD COLUMN refund_id uuid,
        ADD CONSTRAINT balance_entry_refund_fk FOREIGN KEY (organization_id, refund_id) REFERENCES refund (organization_id, id),
        DROP CONSTRAINT balance_entry_kind_known,
        ADD CONSTRAINT balance_entry_kind_known CHECK (
          kind IN ('excess_credit', 'applied', 'released', 'overpayment', 'adjustment', 'credit_note', 'refund_failed')),
        ADD CONSTRAINT balance_entry_refund_set CHECK ((kind = 'refund_failed') = (refund_id IS NOT NULL));
      CREATE UNIQUE INDEX balance_entry_refund_key ON balance_entry (refund_id) WHERE refund_id IS NOT NULL;

      -- When all is written: what failed is in the balance, and nothing else.
      CREATE FUNCTION settle_refund() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE kept bigint;
      BEGIN
        SELECT coalesce(sum(amount_minor), 0) INTO kept FROM balance_entry WHERE refund_id = NEW.id;
        IF kept <> (CASE NEW.state WHEN 'failed' THEN NEW.amount_minor ELSE 0 END) THEN
          RAISE EXCEPTION 'refund % over % is %, and the balance got %', NEW.id, NEW.amount_minor, NEW.state, kept
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER refund_settled AFTER INSERT OR UPDATE ON refund DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION settle_refund();

      CREATE OR REPLACE FUNCTION settle_credit_note() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE lines bigint; taxes bigint; kept bigint; refunded bigint;
      BEGIN
        SELECT coalesce(sum(amount_minor), 0) INTO lines FROM credit_note_line WHERE credit_note_id = NEW.id;
        SELECT coalesce(sum(tax_minor), 0) INTO taxes FROM credit_note_tax WHERE credit_note_id = NEW.id;
        SELECT coalesce(sum(amount_minor), 0) INTO kept FROM balance_entry WHERE credit_note_id = NEW.id;
        SELECT coalesce(sum(amount_minor), 0) INTO refunded FROM refund WHERE credit_note_id = NEW.id;
        IF lines <> NEW.subtotal_minor OR taxes <> NEW.tax_minor OR refunded <> NEW.refunded_minor
           OR kept <> NEW.total_minor - NEW.reduced_minor - NEW.refunded_minor THEN
          RAISE EXCEPTION 'credit note %: lines of %, taxes of %, the balance got %, the card %; it says % with taxes of %',
            NEW.number, lines, taxes, kept, refunded, NEW.total_minor, NEW.tax_minor
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DO $$ BEGIN
        IF EXISTS (SELECT FROM refund) THEN RAISE EXCEPTION 'there are refunds: without their rows it cannot be told where the money is'; END IF;
      END $$;
      CREATE OR REPLACE FUNCTION settle_credit_note() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE lines bigint; taxes bigint; kept bigint;
      BEGIN
        SELECT coalesce(sum(amount_minor), 0) INTO lines FROM credit_note_line WHERE credit_note_id = NEW.id;
        SELECT coalesce(sum(tax_minor), 0) INTO taxes FROM credit_note_tax WHERE credit_note_id = NEW.id;
        SELECT coalesce(sum(amount_minor), 0) INTO kept FROM balance_entry WHERE credit_note_id = NEW.id;
        IF lines <> NEW.subtotal_minor OR taxes <> NEW.tax_minor OR kept <> NEW.total_minor - NEW.reduced_minor THEN
          RAISE EXCEPTION 'credit note %: lines of %, taxes of %, the balance got %; it says % with taxes of %', NEW.number, lines,
            taxes, kept, NEW.total_minor, NEW.tax_minor USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$;
      DROP INDEX balance_entry_refund_key;
      ALTER TABLE balance_entry
        DROP CONSTRAINT balance_entry_refund_set,
        DROP CONSTRAINT balance_entry_kind_known,
        ADD CONSTRAINT balance_entry_kind_known CHECK (
          kind IN ('excess_credit', 'applied', 'released', 'overpayment', 'adjustment', 'credit_note')),
        DROP CONSTRAINT balance_entry_refund_fk,
        DROP COLUMN refund_id;
      DROP TABLE refund;
      DROP FUNCTION settle_refund();
      DROP FUNCTION guard_refund_change();
      DROP FUNCTION guard_refund();
      ALTER TABLE payment DROP CONSTRAINT payment_organization_key;
      ALTER TABLE credit_note DROP CONSTRAINT credit_note_parts_within_total, DROP COLUMN refunded_minor;
      DROP TABLE refund_proposal;
      DROP FUNCTION guard_refund_proposal();
    `);
  }
}
