import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is too little for the payment provider waits for the next invoice of the same payer, seller and currency: it keeps its number
 * and amount, is marked as carried, and later points at the invoice that it is collected with. One charge then pays several invoices.
 */
export class CarryInvoices1764201740001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE invoice
        -- When it was decided that the provider is asked for it: what joins it is fixed from then on.
        ADD COLUMN asked_at timestamptz,
        -- When it was found to be below the provider's minimum.
        ADD COLUMN carried_at timestamptz,
        -- The invoice that it is collected with, and what was due of it then.
        ADD COLUMN joins_invoice_id uuid,
        ADD COLUMN joined_minor bigint,
        -- What the provider's invoice asks for on behalf of others.
        ADD COLUMN carried_in_minor bigint NOT NULL DEFAULT 0,
        ADD CONSTRAINT invoice_joins_fk FOREIGN KEY (organization_id, joins_invoice_id) REFERENCES invoice (organization_id, id),
        ADD CONSTRAINT invoice_joins_whole CHECK (num_nulls(joins_invoice_id, joined_minor) IN (0, 2)),
        ADD CONSTRAINT invoice_joined_over_money CHECK (joined_minor > 0),
        ADD CONSTRAINT invoice_joins_when_carried CHECK (joins_invoice_id IS NULL OR carried_at IS NOT NULL),
        ADD CONSTRAINT invoice_carried_or_asked CHECK (carried_at IS NULL OR asked_at IS NULL),
        ADD CONSTRAINT invoice_carried_by_card CHECK (carried_at IS NULL OR payment_method = 'card'),
        ADD CONSTRAINT invoice_carried_in_when_asked CHECK (
          carried_in_minor >= 0 AND (carried_in_minor = 0 OR asked_at IS NOT NULL));
      CREATE INDEX invoice_joins_idx ON invoice (joins_invoice_id) WHERE joins_invoice_id IS NOT NULL;
      CREATE INDEX invoice_carried_idx ON invoice (organization_id, seller_slug, currency)
        WHERE carried_at IS NOT NULL AND joins_invoice_id IS NULL AND state = 'issued';

      -- The provider may have been asked for every one of before.
      ALTER TABLE invoice DISABLE TRIGGER USER;
      UPDATE invoice SET asked_at = issued_at
        WHERE issued_at IS NOT NULL AND payment_method = 'card' AND total_minor > balance_applied_minor;
      ALTER TABLE invoice ENABLE TRIGGER USER;

      CREATE FUNCTION guard_carried_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE lead invoice; joined bigint;
      BEGIN
        IF (NEW.asked_at IS DISTINCT FROM OLD.asked_at AND (OLD.asked_at IS NOT NULL OR OLD.issued_at IS NULL))
           OR (NEW.carried_at IS DISTINCT FROM OLD.carried_at AND (OLD.carried_at IS NOT NULL OR OLD.state <> 'issued')) THEN
          RAISE EXCEPTION 'invoice %: whether it is collected or carried is decided once, when it is issued', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.carried_in_minor <> OLD.carried_in_minor OR (NEW.asked_at IS NOT NULL AND OLD.asked_at IS NULL) THEN
          SELECT coalesce(sum(joined_minor), 0) INTO joined FROM invoice WHERE joins_invoice_id = NEW.id;
          IF OLD.asked_at IS NOT NULL OR NEW.carried_in_minor <> joined THEN
            RAISE EXCEPTION 'invoice %: % are carried into it, and % have joined it', OLD.id, NEW.carried_in_minor, joined
              USING ERRCODE = 'integrity_constraint_violation';
          END IF;
        END IF;
        IF (NEW.joins_invoice_id, NEW.joined_minor) IS DISTINCT FROM (OLD.joins_invoice_id, OLD.joined_minor) THEN
          SELECT * INTO lead FROM invoice WHERE id = coalesce(NEW.joins_invoice_id, OLD.joins_invoice_id);
          IF NOT (CASE
            WHEN NEW.joins_invoice_id IS NULL THEN NEW.state IN ('issued', 'uncollectible') AND lead.state IN ('paid', 'void')
            ELSE OLD.joins_invoice_id IS NULL AND NEW.state = 'issued' AND lead.state = 'issued' AND lead.asked_at IS NULL
              AND lead.carried_at IS NULL AND (lead.seller_slug, lead.currency) = (NEW.seller_slug, NEW.currency)
              AND NEW.joined_minor = NEW.total_minor - NEW.balance_applied_minor - NEW.credited_minor - NEW.paid_minor
          END) THEN
            RAISE EXCEPTION 'invoice % (%) with % cannot join invoice % (%)', NEW.id, NEW.state, NEW.joined_minor, lead.id, lead.state
              USING ERRCODE = 'integrity_constraint_violation';
          END IF;
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER invoice_carried_guard BEFORE UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION guard_carried_invoice();

      -- One charge pays each of its invoices once.
      DROP INDEX payment_succeeded_idx;
      CREATE UNIQUE INDEX payment_succeeded_idx ON payment (provider_payment_id, invoice_id) WHERE state = 'succeeded';
      -- Its dispute is one of each of them.
      ALTER TABLE dispute
        DROP CONSTRAINT dispute_provider_dispute_key,
        ADD CONSTRAINT dispute_provider_dispute_key UNIQUE (provider_dispute_id, payment_id);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DO $$ BEGIN
        IF EXISTS (SELECT FROM invoice WHERE carried_at IS NOT NULL) THEN
          RAISE EXCEPTION 'there are invoices that were carried: without the mark each would be collected by itself';
        END IF;
      END $$;
      ALTER TABLE dispute
        DROP CONSTRAINT dispute_provider_dispute_key,
        ADD CONSTRAINT dispute_provider_dispute_key UNIQUE (provider_dispute_id);
      DROP INDEX payment_succeeded_idx;
      CREATE UNIQUE INDEX payment_succeeded_idx ON payment (provider_payment_id) WHERE state = 'succeeded';
      DROP TRIGGER invoice_carried_guard ON invoice;
      DROP FUNCTION guard_carried_invoice();
      DROP INDEX invoice_carried_idx, invoice_joins_idx;
      ALTER TABLE invoice
        DROP CONSTRAINT invoice_joins_fk,
        DROP COLUMN carried_in_minor,
        DROP COLUMN joined_minor,
        DROP COLUMN joins_invoice_id,
        DROP COLUMN carried_at,
        DROP COLUMN asked_at;
    `);
  }
}
