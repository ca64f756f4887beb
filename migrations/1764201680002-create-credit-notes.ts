import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Credit notes correct invoices that are paid: a document with lines, numbered without gaps by seller, whose sum goes to
 * the balance. The database lets none give back more than its invoice, or a line of it, has charged.
 */
export class CreateCreditNotes1764201680002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE seller ADD COLUMN last_credit_note_sequence bigint NOT NULL DEFAULT 0;
      -- Written whole: a default that the row does not hold makes every update of it one of its key.
      UPDATE seller SET slug = slug;

      CREATE TABLE credit_note (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        invoice_id uuid NOT NULL,
        seller_slug text NOT NULL,
        number text NOT NULL,
        currency text NOT NULL,
        total_minor bigint NOT NULL,
        reason text NOT NULL,
        actor_kind text NOT NULL,
        actor_id text,
        issued_at timestamptz NOT NULL,
        CONSTRAINT credit_note_pk PRIMARY KEY (id),
        CONSTRAINT credit_note_organization_key UNIQUE (organization_id, id),
        CONSTRAINT credit_note_number_key UNIQUE (number),
        CONSTRAINT credit_note_invoice_fk FOREIGN KEY (organization_id, invoice_id) REFERENCES invoice (organization_id, id),
        CONSTRAINT credit_note_seller_fk FOREIGN KEY (seller_slug) REFERENCES seller (slug),
        CONSTRAINT credit_note_over_money CHECK (total_minor > 0),
        CONSTRAINT credit_note_reason_given CHECK (reason <> '')
      );
      CREATE INDEX credit_note_invoice_idx ON credit_note (invoice_id);
      CREATE FUNCTION guard_credit_note() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE credited invoice; before bigint;
      BEGIN
        SELECT * INTO credited FROM invoice WHERE id = NEW.invoice_id FOR UPDATE;
        SELECT coalesce(sum(total_minor), 0) INTO before FROM credit_note WHERE invoice_id = NEW.invoice_id;
        IF credited.state <> 'paid' OR before + NEW.total_minor > credited.total_minor
           OR (credited.seller_slug, credited.currency) <> (NEW.seller_slug, NEW.currency) THEN
          RAISE EXCEPTION 'credit note % over % cannot be of invoice % (%), of % with % credited', NEW.number, NEW.total_minor,
            credited.id, credited.state, credited.total_minor, before USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER credit_note_guard BEFORE INSERT ON credit_note FOR EACH ROW EXECUTE FUNCTION guard_credit_note();
      CREATE TRIGGER credit_note_fixed BEFORE UPDATE OR DELETE ON credit_note FOR EACH ROW EXECUTE FUNCTION refuse_change();
      ALTER TABLE credit_note ENABLE ROW LEVEL SECURITY;
      CREATE POLICY credit_note_scope ON credit_note
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON credit_note TO tollgate_app;

      CREATE TABLE credit_note_line (
        credit_note_id uuid NOT NULL,
        position integer NOT NULL,
        organization_id uuid NOT NULL,
        invoice_line_id uuid NOT NULL,
        description text NOT NULL,
        -- Positive for what is given back; negative where the line of the invoice was a credit itself.
        amount_minor bigint NOT NULL,
        CONSTRAINT credit_note_line_pk PRIMARY KEY (credit_note_id, position),
        CONSTRAINT credit_note_line_once UNIQUE (credit_note_id, invoice_line_id),
        CONSTRAINT credit_note_line_note_fk FOREIGN KEY (organization_id, credit_note_id)
          REFERENCES credit_note (organization_id, id),
        CONSTRAINT credit_note_line_line_fk FOREIGN KEY (invoice_line_id) REFERENCES invoice_line (id),
        CONSTRAINT credit_note_line_not_nothing CHECK (amount_minor <> 0)
      );
      CREATE INDEX credit_note_line_line_idx ON credit_note_line (invoice_line_id);
      CREATE FUNCTION guard_credit_note_line() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE charged bigint; of_invoice uuid; before bigint;
      BEGIN
        SELECT amount_minor, invoice_id INTO charged, of_invoice FROM invoice_line WHERE id = NEW.invoice_line_id;
        SELECT coalesce(sum(amount_minor), 0) INTO before FROM credit_note_line WHERE invoice_line_id = NEW.invoice_line_id;
        IF of_invoice <> (SELECT invoice_id FROM credit_note WHERE id = NEW.credit_note_id)
           OR sign(NEW.amount_minor) <> sign(charged) OR abs(before + NEW.amount_minor) > abs(charged) THEN
          RAISE EXCEPTION 'line % charges %: % cannot be credited after %', NEW.invoice_line_id, charged, NEW.amount_minor, before
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER credit_note_line_guard BEFORE INSERT ON credit_note_line
        FOR EACH ROW EXECUTE FUNCTION guard_credit_note_line();
      CREATE TRIGGER credit_note_line_fixed BEFORE UPDATE OR DELETE ON credit_note_line
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      ALTER TABLE credit_note_line ENABLE ROW LEVEL SECURITY;
      CREATE POLICY credit_note_line_scope ON credit_note_line
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON credit_note_line TO tollgate_app;

      ALTER TABLE balance_entry
        ADD COLUMN credit_note_id uuid,
        ADD CONSTRAINT balance_entry_credit_note_fk FOREIGN KEY (organization_id, credit_note_id)
          REFERENCES credit_note (organization_id, id),
        DROP CONSTRAINT balance_entry_kind_known,
        ADD CONSTRAINT balance_entry_kind_known CHECK (kind IN ('excess_credit', 'applied', 'adjustment', 'credit_note')),
        ADD CONSTRAINT balance_entry_credit_note_set CHECK ((kind = 'credit_note') = (credit_note_id IS NOT NULL));
      CREATE UNIQUE INDEX balance_entry_credit_note_key ON balance_entry (credit_note_id) WHERE credit_note_id IS NOT NULL;

      -- When all is written: the lines are the total, and it is in the balance.
      CREATE FUNCTION settle_credit_note() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE lines bigint; kept bigint;
      BEGIN
        SELECT coalesce(sum(amount_minor), 0) INTO lines FROM credit_note_line WHERE credit_note_id = NEW.id;
        SELECT coalesce(sum(amount_minor), 0) INTO kept FROM balance_entry WHERE credit_note_id = NEW.id;
        IF lines <> NEW.total_minor OR kept <> NEW.total_minor THEN
          RAISE EXCEPTION 'credit note %: the lines add up to %, the balance got %, the total says %', NEW.number, lines, kept,
            NEW.total_minor USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER credit_note_settled AFTER INSERT ON credit_note DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION settle_credit_note();
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX balance_entry_credit_note_key;
      ALTER TABLE balance_entry
        DROP CONSTRAINT balance_entry_credit_note_set,
        DROP CONSTRAINT balance_entry_kind_known,
        DROP CONSTRAINT balance_entry_credit_note_fk,
        DROP COLUMN credit_note_id,
        ADD CONSTRAINT balance_entry_kind_known CHECK (kind IN ('excess_credit', 'applied', 'adjustment'));
      DROP TABLE credit_note_line;
      DROP FUNCTION guard_credit_note_line();
      DROP TABLE credit_note;
      DROP FUNCTION settle_credit_note();
      DROP FUNCTION guard_credit_note();
      ALTER TABLE seller DROP COLUMN last_credit_note_sequence;
    `);
  }
}
