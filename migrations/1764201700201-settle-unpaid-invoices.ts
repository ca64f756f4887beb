import type { MigrationInterface, QueryRunner } from 'typeorm';

const ISSUED_STATES = `'issued', 'paid', 'past_due', 'void'`;

/**
 * What can become of an issued invoice that is not paid: credit notes take off what is due, payments add up, it is given up
 * as uncollectible, or void and replaced by another of the same period. The database keeps both sums, and lets no invoice be
 * paid of which something is due.
 */
export class SettleUnpaidInvoices1764201700201 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE payment
        -- 'out_of_band': settled at the payment provider, by no payment that it knows of.
        ADD COLUMN method text NOT NULL DEFAULT 'card',
        ALTER COLUMN provider_payment_id DROP NOT NULL,
        ADD CONSTRAINT payment_method_known CHECK (method IN ('card', 'transfer', 'out_of_band')),
        ADD CONSTRAINT payment_provider_id_of_card CHECK ((method = 'card') = (provider_payment_id IS NOT NULL)),
        ADD CONSTRAINT payment_failed_by_card CHECK (state = 'succeeded' OR method = 'card');
      ALTER TABLE payment ALTER COLUMN method DROP DEFAULT;
      CREATE UNIQUE INDEX payment_out_of_band_idx ON payment (invoice_id) WHERE method = 'out_of_band';

      ALTER TABLE credit_note
        -- What it took off what was due of the invoice; the rest of it went to the balance.
        ADD COLUMN reduced_minor bigint NOT NULL DEFAULT 0,
        ADD CONSTRAINT credit_note_reduced_within_total CHECK (reduced_minor BETWEEN 0 AND total_minor);
      ALTER TABLE credit_note ALTER COLUMN reduced_minor DROP DEFAULT;

      ALTER TABLE balance_entry
        DROP CONSTRAINT balance_entry_kind_known,
        DROP CONSTRAINT balance_entry_invoice_set,
        ADD CONSTRAINT balance_entry_kind_known CHECK (
          kind IN ('excess_credit', 'applied', 'released', 'overpayment', 'adjustment', 'credit_note')),
        ADD CONSTRAINT balance_entry_invoice_set CHECK (
          kind NOT IN ('excess_credit', 'applied', 'released', 'overpayment') OR invoice_id IS NOT NULL);
      CREATE UNIQUE INDEX balance_entry_released_key ON balance_entry (invoice_id) WHERE kind = 'released';

      ALTER TABLE invoice
        -- Σ of what its credit notes took off what was due.
        ADD COLUMN credited_minor bigint NOT NULL DEFAULT 0,
        -- Σ of its payments that succeeded.
        ADD COLUMN paid_minor bigint NOT NULL DEFAULT 0,
        ADD COLUMN void_reason text,
        -- The void invoice of the same period in whose place it was made.
        ADD COLUMN replaces_invoice_id uuid,
        DROP CONSTRAINT invoice_state_known,
        DROP CONSTRAINT invoice_number_when_money,
        DROP CONSTRAINT invoice_issued_at_set,
        DROP CONSTRAINT invoice_period_key,
        ADD CONSTRAINT invoice_state_known CHECK (
          state IN ('draft', 'review', 'locked', 'uncollectible', ${ISSUED_STATES})),
        ADD CONSTRAINT invoice_number_when_money CHECK (
          (number IS NOT NULL) = (total_minor > 0 AND state IN ('uncollectible', ${ISSUED_STATES}))),
        ADD CONSTRAINT invoice_issued_at_set CHECK (
          (issued_at IS NOT NULL) = (state IN ('uncollectible', ${ISSUED_STATES}))),
        ADD CONSTRAINT invoice_void_reason_of_void CHECK (void_reason IS NULL OR (state = 'void' AND void_reason <> '')),
        ADD CONSTRAINT invoice_replaces_fk FOREIGN KEY (organization_id, replaces_invoice_id)
          REFERENCES invoice (organization_id, id);
      CREATE UNIQUE INDEX invoice_period_key ON invoice (subscription_id, period_start) WHERE state <> 'void';
      CREATE INDEX invoice_period_idx ON invoice (subscription_id, period_start);
      CREATE UNIQUE INDEX invoice_replaces_key ON invoice (replaces_invoice_id) WHERE replaces_invoice_id IS NOT NULL;
      DROP INDEX invoice_unsettled_idx;
      CREATE INDEX invoice_unsettled_idx ON invoice (id) WHERE state IN ('issued', 'past_due', 'uncollectible');

      ALTER TABLE invoice DISABLE TRIGGER USER;
      UPDATE invoice SET paid_minor = paid.amount
        FROM (SELECT invoice_id, sum(amount_minor) AS amount FROM payment WHERE state = 'succeeded' GROUP BY 1) paid
        WHERE paid.invoice_id = invoice.id;
      ALTER TABLE invoice ENABLE TRIGGER USER;

      CREATE FUNCTION guard_invoice_settlement() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF (NEW.replaces_invoice_id IS DISTINCT FROM OLD.replaces_invoice_id)
           OR (NEW.void_reason IS DISTINCT FROM OLD.void_reason AND NOT (NEW.state = 'void' AND OLD.state <> 'void')) THEN
          RAISE EXCEPTION 'invoice % is %: only its state and payment may change', OLD.id, OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.paid_minor <> OLD.paid_minor AND NEW.paid_minor <>
           (SELECT coalesce(sum(amount_minor), 0) FROM payment WHERE invoice_id = NEW.id AND state = 'succeeded') THEN
          RAISE EXCEPTION 'invoice %: only its state and payment may change, and its payments are not %', OLD.id, NEW.paid_minor
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.credited_minor <> OLD.credited_minor AND NEW.credited_minor <>
           (SELECT coalesce(sum(reduced_minor), 0) FROM credit_note WHERE invoice_id = NEW.id) THEN
          RAISE EXCEPTION 'invoice %: only its state and payment may change, and its credit notes are not %', OLD.id,
            NEW.credited_minor USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.state = 'paid' AND OLD.state <> 'paid'
           AND NEW.total_minor > NEW.balance_applied_minor + NEW.credited_minor + NEW.paid_minor THEN
          RAISE EXCEPTION 'invoice % over % cannot be paid with % of the balance, % credited and % paid', OLD.id, NEW.total_minor,
            NEW.balance_applied_minor, NEW.credited_minor, NEW.paid_minor USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER invoice_settlement_guard BEFORE UPDATE ON invoice
        FOR EACH ROW EXECUTE FUNCTION guard_invoice_settlement();

      CREATE FUNCTION guard_invoice_replacement() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NOT EXISTS (SELECT FROM invoice WHERE id = NEW.replaces_invoice_id AND state = 'void'
                       AND (subscription_id, period_start, period_end) = (NEW.subscription_id, NEW.period_start, NEW.period_end))
        THEN
          RAISE EXCEPTION 'invoice % can only replace a void one of its own period', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER invoice_replacement_guard BEFORE INSERT ON invoice
        FOR EACH ROW WHEN (NEW.replaces_invoice_id IS NOT NULL) EXECUTE FUNCTION guard_invoice_replacement();

      CREATE FUNCTION add_payment() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE invoice SET paid_minor = paid_minor + NEW.amount_minor WHERE id = NEW.invoice_id;
        RETURN NULL;
      END $$;
      CREATE TRIGGER payment_adds AFTER INSERT ON payment
        FOR EACH ROW WHEN (NEW.state = 'succeeded') EXECUTE FUNCTION add_payment();

      CREATE FUNCTION add_credit_note() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE invoice SET credited_minor = credited_minor + NEW.reduced_minor WHERE id = NEW.invoice_id;
        RETURN NULL;
      END $$;
      CREATE TRIGGER credit_note_adds AFTER INSERT ON credit_note
        FOR EACH ROW WHEN (NEW.reduced_minor > 0) EXECUTE FUNCTION add_credit_note();

      -- A credit note first takes off what is due.
      CREATE OR REPLACE FUNCTION guard_credit_note() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE credited invoice; before bigint;
      BEGIN
        SELECT * INTO credited FROM invoice WHERE id = NEW.invoice_id FOR UPDATE;
        SELECT coalesce(sum(total_minor), 0) INTO before FROM credit_note WHERE invoice_id = NEW.invoice_id;
        IF credited.state NOT IN ('paid', 'issued', 'past_due', 'uncollectible') OR before + NEW.total_minor > credited.total_minor
           OR (credited.seller_slug, credited.currency) <> (NEW.seller_slug, NEW.currency)
           OR NEW.reduced_minor <> least(NEW.total_minor, greatest(0, CASE credited.state WHEN 'paid' THEN 0 ELSE
             credited.total_minor - credited.balance_applied_minor - credited.credited_minor - credited.paid_minor END)) THEN
          RAISE EXCEPTION 'credit note % over % cannot be of invoice % (%), of % with % credited', NEW.number, NEW.total_minor,
            credited.id, credited.state, credited.total_minor, before USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
    `);
    await replaceInFunction(queryRunner, 'settle_credit_note', KEPT_ALL, KEPT_REST);
    await replaceInFunction(queryRunner, 'guard_invoice', ...ISSUED_MOVES);
    await replaceInFunction(queryRunner, 'guard_invoice', ...PAST_DUE_MOVES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DO $$ BEGIN
        IF EXISTS (SELECT FROM invoice WHERE state = 'uncollectible' OR credited_minor > 0 OR replaces_invoice_id IS NOT NULL)
           OR EXISTS (SELECT FROM payment WHERE method <> 'card') OR EXISTS (SELECT FROM balance_entry WHERE kind IN ('released', 'overpayment'))
        THEN RAISE EXCEPTION 'there are invoices that were credited, given up or replaced before they were paid'; END IF;
      END $$;
    `);
    await replaceInFunction(queryRunner, 'guard_invoice', PAST_DUE_MOVES[1], PAST_DUE_MOVES[0]);
    await replaceInFunction(queryRunner, 'guard_invoice', ISSUED_MOVES[1], ISSUED_MOVES[0]);
    await replaceInFunction(queryRunner, 'settle_credit_note', KEPT_REST, KEPT_ALL);
    await queryRunner.query(`
      CREATE OR REPLACE FUNCTION guard_credit_note() RETURNS trigger LANGUAGE plpgsql AS $$
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
      DROP TRIGGER credit_note_adds ON credit_note;
      DROP FUNCTION add_credit_note();
      DROP TRIGGER payment_adds ON payment;
      DROP FUNCTION add_payment();
      DROP TRIGGER invoice_replacement_guard ON invoice;
      DROP FUNCTION guard_invoice_replacement();
      DROP TRIGGER invoice_settlement_guard ON invoice;
      DROP FUNCTION guard_invoice_settlement();
      DROP INDEX invoice_unsettled_idx, invoice_replaces_key, invoice_period_idx, invoice_period_key;
      CREATE INDEX invoice_unsettled_idx ON invoice (id) WHERE state IN ('issued', 'past_due');
      ALTER TABLE invoice
        DROP CONSTRAINT invoice_replaces_fk,
        DROP CONSTRAINT invoice_void_reason_of_void,
        DROP CONSTRAINT invoice_issued_at_set,
        DROP CONSTRAINT invoice_number_when_money,
        DROP CONSTRAINT invoice_state_known,
        DROP COLUMN replaces_invoice_id,
        DROP COLUMN void_reason,
        DROP COLUMN paid_minor,
        DROP COLUMN credited_minor,
        ADD CONSTRAINT invoice_period_key UNIQUE (subscription_id, period_start),
        ADD CONSTRAINT invoice_state_known CHECK (state IN ('draft', 'review', 'locked', ${ISSUED_STATES})),
        ADD CONSTRAINT invoice_number_when_money CHECK (
          (number IS NOT NULL) = (total_minor > 0 AND state IN (${ISSUED_STATES}))),
        ADD CONSTRAINT invoice_issued_at_set CHECK ((issued_at IS NOT NULL) = (state IN (${ISSUED_STATES})));
      DROP INDEX balance_entry_released_key;
      ALTER TABLE balance_entry
        DROP CONSTRAINT balance_entry_invoice_set,
        DROP CONSTRAINT balance_entry_kind_known,
        ADD CONSTRAINT balance_entry_kind_known CHECK (kind IN ('excess_credit', 'applied', 'adjustment', 'credit_note')),
        ADD CONSTRAINT balance_entry_invoice_set CHECK (kind NOT IN ('excess_credit', 'applied') OR invoice_id IS NOT NULL);
      ALTER TABLE credit_note DROP CONSTRAINT credit_note_reduced_within_total, DROP COLUMN reduced_minor;
      DROP INDEX payment_out_of_band_idx;
      ALTER TABLE payment
        DROP CONSTRAINT payment_failed_by_card,
        DROP CONSTRAINT payment_provider_id_of_card,
        DROP CONSTRAINT payment_method_known,
        ALTER COLUMN provider_payment_id SET NOT NULL,
        DROP COLUMN method;
    `);
  }
}

/** What a credit note gives to the balance. */
const KEPT_ALL = 'kept <> NEW.total_minor';
const KEPT_REST = 'kept <> NEW.total_minor - NEW.reduced_minor';

/** Where an invoice may go: before and from now on. */
const ISSUED_MOVES = [
  `WHEN 'issued' THEN NEW.state IN ('paid', 'past_due', 'void')`,
  `WHEN 'issued' THEN NEW.state IN ('paid', 'past_due', 'uncollectible', 'void')`,
] as const;
const PAST_DUE_MOVES = [
  `WHEN 'past_due' THEN NEW.state IN ('paid', 'void')`,
  `WHEN 'past_due' THEN NEW.state IN ('paid', 'uncollectible', 'void') WHEN 'uncollectible' THEN NEW.state IN ('paid', 'void')`,
] as const;

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
