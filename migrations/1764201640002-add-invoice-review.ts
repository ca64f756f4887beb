import type { MigrationInterface, QueryRunner } from 'typeorm';

const ISSUED_STATES = `'issued', 'paid', 'past_due', 'void'`;

/** A window in which people look at an invoice before it is fixed; and what is fixed, is by the database from then on. */
export class AddInvoiceReview1764201640002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- How long an organization's invoices are looked at before they are issued; 0 for not at all.
      ALTER TABLE organization ADD COLUMN invoice_review_hours integer NOT NULL DEFAULT 0,
        ADD CONSTRAINT organization_invoice_review_hours CHECK (invoice_review_hours BETWEEN 0 AND 720);

      ALTER TABLE invoice ADD COLUMN review_ends_at timestamptz,
        DROP CONSTRAINT invoice_state_known,
        DROP CONSTRAINT invoice_number_when_money,
        DROP CONSTRAINT invoice_issued_at_set,
        ADD CONSTRAINT invoice_state_known CHECK (state IN ('draft', 'review', 'locked', ${ISSUED_STATES})),
        ADD CONSTRAINT invoice_number_when_money CHECK (
          (number IS NOT NULL) = (total_minor > 0 AND state IN (${ISSUED_STATES}))),
        ADD CONSTRAINT invoice_issued_at_set CHECK ((issued_at IS NOT NULL) = (state IN (${ISSUED_STATES}))),
        ADD CONSTRAINT invoice_review_ends CHECK (state <> 'review' OR review_ends_at IS NOT NULL);
      CREATE INDEX invoice_review_idx ON invoice (review_ends_at, id) WHERE state IN ('review', 'locked');

      CREATE OR REPLACE FUNCTION guard_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE line_total bigint;
      BEGIN
        IF TG_OP = 'DELETE' THEN
          RAISE EXCEPTION 'invoice % is never deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        -- What is owed and by whom is fixed with the lines: as soon as it is no draft any more.
        IF OLD.state <> 'draft' AND
           (NEW.id, NEW.organization_id, NEW.subscription_id, NEW.period_start, NEW.period_end, NEW.mode, NEW.currency,
            NEW.subtotal_minor, NEW.tax_minor, NEW.total_minor, NEW.rating_hash, NEW.created_at)
           IS DISTINCT FROM
           (OLD.id, OLD.organization_id, OLD.subscription_id, OLD.period_start, OLD.period_end, OLD.mode, OLD.currency,
            OLD.subtotal_minor, OLD.tax_minor, OLD.total_minor, OLD.rating_hash, OLD.created_at) THEN
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
             ELSE NEW.state IN (${ISSUED_STATES}) END) THEN
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
      DROP INDEX invoice_review_idx;
      ALTER TABLE invoice
        DROP CONSTRAINT invoice_review_ends,
        DROP CONSTRAINT invoice_issued_at_set,
        DROP CONSTRAINT invoice_number_when_money,
        DROP CONSTRAINT invoice_state_known,
        DROP COLUMN review_ends_at,
        ADD CONSTRAINT invoice_state_known CHECK (state IN ('draft', ${ISSUED_STATES})),
        ADD CONSTRAINT invoice_number_when_money CHECK (state = 'draft' OR (number IS NOT NULL) = (total_minor > 0)),
        ADD CONSTRAINT invoice_issued_at_set CHECK ((state = 'draft') = (issued_at IS NULL));
      ALTER TABLE organization DROP CONSTRAINT organization_invoice_review_hours, DROP COLUMN invoice_review_hours;
      CREATE OR REPLACE FUNCTION guard_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE line_total bigint;
      BEGIN
        IF TG_OP = 'DELETE' THEN
          RAISE EXCEPTION 'invoice % is never deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF OLD.state <> 'draft' AND
           (NEW.id, NEW.organization_id, NEW.subscription_id, NEW.period_start, NEW.period_end, NEW.number, NEW.currency,
            NEW.subtotal_minor, NEW.tax_minor, NEW.total_minor, NEW.rating_hash, NEW.created_at, NEW.issued_at)
           IS DISTINCT FROM
           (OLD.id, OLD.organization_id, OLD.subscription_id, OLD.period_start, OLD.period_end, OLD.number, OLD.currency,
            OLD.subtotal_minor, OLD.tax_minor, OLD.total_minor, OLD.rating_hash, OLD.created_at, OLD.issued_at) THEN
          RAISE EXCEPTION 'invoice % is issued: only its state and payment may change', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF OLD.state <> 'draft' AND NEW.state = 'draft' THEN
          RAISE EXCEPTION 'invoice % is issued and stays so', OLD.id USING ERRCODE = 'integrity_constraint_violation';
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
}
