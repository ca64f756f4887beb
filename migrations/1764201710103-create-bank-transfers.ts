import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Transfers that finance has recorded: each pays invoices, and what is left of it is in the balance. A transfer that was recorded
 * wrongly is taken back by one over the same amount below zero; the invoices that it paid are open again then. Rows of bank
 * statements are kept, so that none is taken twice and a person sees those that no invoice was found for.
 */
export class CreateBankTransfers1764201710103 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE bank_transfer (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        seller_slug text NOT NULL,
        currency text NOT NULL,
        -- Below zero for one that takes another back.
        amount_minor bigint NOT NULL,
        value_date date NOT NULL,
        reference text NOT NULL,
        sender text NOT NULL,
        -- Above 1 for one that is known to be another than one that looks the same.
        occurrence integer NOT NULL DEFAULT 1,
        reverses_id uuid,
        reason text,
        actor_kind text NOT NULL,
        actor_id text,
        created_at timestamptz NOT NULL,
        CONSTRAINT bank_transfer_pk PRIMARY KEY (id),
        CONSTRAINT bank_transfer_organization_key UNIQUE (organization_id, id),
        CONSTRAINT bank_transfer_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id),
        CONSTRAINT bank_transfer_seller_fk FOREIGN KEY (seller_slug) REFERENCES seller (slug),
        CONSTRAINT bank_transfer_reverses_fk FOREIGN KEY (organization_id, reverses_id) REFERENCES bank_transfer (organization_id, id),
        CONSTRAINT bank_transfer_reverses_key UNIQUE (reverses_id),
        CONSTRAINT bank_transfer_sign CHECK (amount_minor <> 0 AND (amount_minor < 0) = (reverses_id IS NOT NULL)),
        CONSTRAINT bank_transfer_reason_of_reversal CHECK ((reason IS NOT NULL) = (reverses_id IS NOT NULL) AND reason <> ''),
        CONSTRAINT bank_transfer_currency_form CHECK (currency ~ '^[A-Z]{3}$')
      );
      CREATE UNIQUE INDEX bank_transfer_seen_key ON bank_transfer (seller_slug, currency, reference, value_date, amount_minor, occurrence)
        WHERE reverses_id IS NULL;
      CREATE INDEX bank_transfer_organization_idx ON bank_transfer (organization_id, id DESC);
      CREATE TRIGGER bank_transfer_fixed BEFORE UPDATE OR DELETE ON bank_transfer FOR EACH ROW EXECUTE FUNCTION refuse_change();
      ALTER TABLE bank_transfer ENABLE ROW LEVEL SECURITY;
      CREATE POLICY bank_transfer_scope ON bank_transfer
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON bank_transfer TO tollgate_app;

      ALTER TABLE payment
        ADD COLUMN bank_transfer_id uuid,
        ADD CONSTRAINT payment_bank_transfer_fk FOREIGN KEY (organization_id, bank_transfer_id)
          REFERENCES bank_transfer (organization_id, id),
        ADD CONSTRAINT payment_bank_transfer_of_transfer CHECK ((method = 'transfer') = (bank_transfer_id IS NOT NULL)),
        ADD CONSTRAINT payment_taken_back_by_transfer CHECK (amount_minor >= 0 OR method = 'transfer');
      CREATE UNIQUE INDEX payment_bank_transfer_key ON payment (bank_transfer_id, invoice_id) WHERE bank_transfer_id IS NOT NULL;

      ALTER TABLE balance_entry
        -- What of a transfer paid no invoice, or is taken back of that.
        ADD COLUMN bank_transfer_id uuid,
        ADD CONSTRAINT balance_entry_bank_transfer_fk FOREIGN KEY (organization_id, bank_transfer_id)
          REFERENCES bank_transfer (organization_id, id),
        DROP CONSTRAINT balance_entry_invoice_set,
        DROP CONSTRAINT balance_entry_sign,
        ADD CONSTRAINT balance_entry_invoice_set CHECK (kind NOT IN ('excess_credit', 'applied', 'released', 'overpayment')
          OR num_nonnulls(invoice_id, CASE kind WHEN 'overpayment' THEN bank_transfer_id END) = 1),
        ADD CONSTRAINT balance_entry_bank_transfer_of_overpayment CHECK (bank_transfer_id IS NULL OR kind = 'overpayment'),
        ADD CONSTRAINT balance_entry_sign CHECK (kind IN ('adjustment', 'overpayment') OR (amount_minor < 0) = (kind = 'applied'));
      CREATE UNIQUE INDEX balance_entry_bank_transfer_key ON balance_entry (bank_transfer_id) WHERE bank_transfer_id IS NOT NULL;

      CREATE FUNCTION settle_bank_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE paid bigint; kept bigint; reversed bank_transfer;
      BEGIN
        SELECT coalesce(sum(amount_minor), 0) INTO paid FROM payment WHERE bank_transfer_id = NEW.id;
        SELECT coalesce(sum(amount_minor), 0) INTO kept FROM balance_entry WHERE bank_transfer_id = NEW.id;
        IF paid + kept <> NEW.amount_minor THEN
          RAISE EXCEPTION 'bank transfer % over %: % paid invoices and % is in the balance', NEW.id, NEW.amount_minor, paid, kept
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        SELECT * INTO reversed FROM bank_transfer WHERE id = NEW.reverses_id;
        IF NEW.reverses_id IS NOT NULL AND (reversed.reverses_id IS NOT NULL
           OR (reversed.seller_slug, reversed.currency, -reversed.amount_minor) <> (NEW.seller_slug, NEW.currency, NEW.amount_minor)) THEN
          RAISE EXCEPTION 'bank transfer % does not take back all of %', NEW.id, NEW.reverses_id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER bank_transfer_settled AFTER INSERT ON bank_transfer DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION settle_bank_transfer();

      CREATE TABLE bank_statement_row (
        -- SHA-256 of what the row says, and of how many rows above it in its file say the same.
        hash text NOT NULL,
        file_name text NOT NULL,
        line integer NOT NULL,
        seller_slug text NOT NULL,
        value_date date NOT NULL,
        amount_minor bigint NOT NULL,
        currency text NOT NULL,
        reference text NOT NULL,
        sender text NOT NULL,
        state text NOT NULL,
        -- Why no invoice was paid by it.
        problem text,
        bank_transfer_id uuid,
        -- Why a person put it aside.
        reason text,
        imported_at timestamptz NOT NULL,
        decided_at timestamptz,
        CONSTRAINT bank_statement_row_pk PRIMARY KEY (hash),
        CONSTRAINT bank_statement_row_seller_fk FOREIGN KEY (seller_slug) REFERENCES seller (slug),
        CONSTRAINT bank_statement_row_transfer_fk FOREIGN KEY (bank_transfer_id) REFERENCES bank_transfer (id),
        CONSTRAINT bank_statement_row_state_known CHECK (state IN ('recorded', 'unmatched', 'put_aside')),
        CONSTRAINT bank_statement_row_transfer_set CHECK ((state = 'recorded') = (bank_transfer_id IS NOT NULL)),
        CONSTRAINT bank_statement_row_reason_set CHECK ((state = 'put_aside') = (reason IS NOT NULL)),
        CONSTRAINT bank_statement_row_incoming CHECK (amount_minor > 0)
      );
      CREATE INDEX bank_statement_row_unmatched_idx ON bank_statement_row (imported_at, line) WHERE state = 'unmatched';
      CREATE FUNCTION guard_bank_statement_row() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' OR OLD.state <> 'unmatched'
           OR (to_jsonb(NEW) - ARRAY['state', 'bank_transfer_id', 'reason', 'decided_at'])
             <> (to_jsonb(OLD) - ARRAY['state', 'bank_transfer_id', 'reason', 'decided_at']) THEN
          RAISE EXCEPTION 'row % of a bank statement is %: it can only be decided, once', OLD.hash, OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER bank_statement_row_guard BEFORE UPDATE OR DELETE ON bank_statement_row
        FOR EACH ROW EXECUTE FUNCTION guard_bank_statement_row();
      ALTER TABLE bank_statement_row ENABLE ROW LEVEL SECURITY;
      CREATE POLICY bank_statement_row_scope ON bank_statement_row USING ((SELECT scope_is_system()));
      GRANT SELECT, INSERT, UPDATE ON bank_statement_row TO tollgate_app;
    `);
    await replaceInFunction(queryRunner, 'guard_invoice', VOID_MOVES, REOPENED_MOVES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DO $$ BEGIN
        IF EXISTS (SELECT FROM bank_transfer) THEN
          RAISE EXCEPTION 'there are bank transfers: without their rows it cannot be told what paid the invoices';
        END IF;
      END $$;
    `);
    await replaceInFunction(queryRunner, 'guard_invoice', REOPENED_MOVES, VOID_MOVES);
    await queryRunner.query(`
      DROP TABLE bank_statement_row;
      DROP FUNCTION guard_bank_statement_row();
      DROP INDEX balance_entry_bank_transfer_key;
      ALTER TABLE balance_entry
        DROP CONSTRAINT balance_entry_sign,
        DROP CONSTRAINT balance_entry_bank_transfer_of_overpayment,
        DROP CONSTRAINT balance_entry_invoice_set,
        DROP CONSTRAINT balance_entry_bank_transfer_fk,
        DROP COLUMN bank_transfer_id,
        ADD CONSTRAINT balance_entry_invoice_set CHECK (
          kind NOT IN ('excess_credit', 'applied', 'released', 'overpayment') OR invoice_id IS NOT NULL),
        ADD CONSTRAINT balance_entry_sign CHECK (kind = 'adjustment' OR (amount_minor < 0) = (kind = 'applied'));
      DROP INDEX payment_bank_transfer_key;
      ALTER TABLE payment
        DROP CONSTRAINT payment_taken_back_by_transfer,
        DROP CONSTRAINT payment_bank_transfer_of_transfer,
        DROP CONSTRAINT payment_bank_transfer_fk,
        DROP COLUMN bank_transfer_id;
      DROP TABLE bank_transfer;
      DROP FUNCTION settle_bank_transfer();
    `);
  }
}

/** A paid invoice is open again when what paid it is taken back: only then is something of it due. */
const VOID_MOVES = `WHEN 'uncollectible' THEN NEW.state IN ('paid', 'void')`;
const REOPENED_MOVES = `${VOID_MOVES} WHEN 'paid' THEN NEW.state IN ('issued', 'past_due')
  AND NEW.total_minor > NEW.balance_applied_minor + NEW.credited_minor + NEW.paid_minor`;

/** Changes one condition of a function that others have a part in too; fails where it is not there. */
async function replaceInFunction(queryRunner: QueryRunner, name: string, from: string, to: string): Promise<void> {
  const quoted = [name, from, to].map((text) => `'${text.replaceAll(`'`, `''`)}'`);
  await queryRunner.query(`
    DO $patch$ DECLARE definition text := pg_get_functiondef(${quoted[0]}::regproc); BEGIN
      IF position(${quoted[1]} IN definition) = 0 THEN RAISE EXCEPTION 'function ${name} is another than expected'; END IF;
      EXECUTE replace(definition, ${quoted[1]}, ${quoted[2]});
    END $patch$;
  `);
}
