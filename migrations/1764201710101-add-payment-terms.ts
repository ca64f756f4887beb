import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How an organization pays and how soon. An invoice is given its terms and the moment until which it is to be paid when it is
 * issued, and keeps the moment since which it is past due.
 */
export class AddPaymentTerms1764201710101 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE organization
        ADD COLUMN payment_method text NOT NULL DEFAULT 'card',
        ADD COLUMN net_days integer NOT NULL DEFAULT 0,
        ADD CONSTRAINT organization_payment_method_known CHECK (payment_method IN ('card', 'transfer')),
        ADD CONSTRAINT organization_net_days_of_transfer CHECK (
          net_days BETWEEN 0 AND 90 AND (payment_method = 'transfer' OR net_days = 0));

      ALTER TABLE invoice
        ADD COLUMN payment_method text NOT NULL DEFAULT 'card',
        ADD COLUMN net_days integer NOT NULL DEFAULT 0,
        -- The last moment at which a payment is in time: that of issue for a card, the end of a UTC day for a transfer.
        ADD COLUMN due_at timestamptz,
        ADD COLUMN past_due_since timestamptz;
      ALTER TABLE invoice DISABLE TRIGGER USER;
      UPDATE invoice SET due_at = issued_at WHERE number IS NOT NULL;
      UPDATE invoice SET past_due_since = coalesce(failed_at, issued_at) WHERE state = 'past_due';
      ALTER TABLE invoice ENABLE TRIGGER USER;
      ALTER TABLE invoice
        ADD CONSTRAINT invoice_payment_method_known CHECK (payment_method IN ('card', 'transfer')),
        ADD CONSTRAINT invoice_net_days_of_transfer CHECK (
          net_days BETWEEN 0 AND 90 AND (payment_method = 'transfer' OR net_days = 0)),
        ADD CONSTRAINT invoice_due_at_of_numbered CHECK (number IS NULL OR due_at IS NOT NULL),
        ADD CONSTRAINT invoice_due_after_issue CHECK (due_at >= issued_at),
        ADD CONSTRAINT invoice_past_due_since_set CHECK (state <> 'past_due' OR past_due_since IS NOT NULL);
      CREATE INDEX invoice_falling_due_idx ON invoice (due_at) WHERE state = 'issued' AND payment_method = 'transfer';

      CREATE FUNCTION guard_invoice_terms() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF (NEW.payment_method, NEW.net_days, NEW.due_at) IS DISTINCT FROM (OLD.payment_method, OLD.net_days, OLD.due_at)
           AND NOT (OLD.state = 'locked' AND NEW.state = 'issued') THEN
          RAISE EXCEPTION 'invoice % is %: it gets its terms when it is issued', OLD.id, OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.past_due_since IS DISTINCT FROM OLD.past_due_since
           AND NOT (OLD.past_due_since IS NULL AND NEW.state = 'past_due' AND OLD.state <> 'past_due') THEN
          RAISE EXCEPTION 'invoice % is %: since when it is past due is said once', OLD.id, OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER invoice_terms_guard BEFORE UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION guard_invoice_terms();
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DO $$ BEGIN
        IF EXISTS (SELECT FROM invoice WHERE payment_method = 'transfer') THEN
          RAISE EXCEPTION 'there are invoices that are paid by transfer: without terms nobody collects them';
        END IF;
      END $$;
      DROP TRIGGER invoice_terms_guard ON invoice;
      DROP FUNCTION guard_invoice_terms();
      DROP INDEX invoice_falling_due_idx;
      ALTER TABLE invoice DROP COLUMN past_due_since, DROP COLUMN due_at, DROP COLUMN net_days, DROP COLUMN payment_method;
      ALTER TABLE organization DROP COLUMN net_days, DROP COLUMN payment_method;
    `);
  }
}
