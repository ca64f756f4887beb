import type { MigrationInterface, QueryRunner } from 'typeorm';

const ISSUED_STATES = `'issued', 'paid', 'past_due', 'void'`;

/** Several legal entities that invoice, each with a series of numbers; every invoice keeps what its own was when it was made. */
export class AddSellers1764201640003 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE seller DROP CONSTRAINT seller_single, DROP CONSTRAINT seller_pk, DROP COLUMN id,
        ADD COLUMN slug text NOT NULL DEFAULT 'default',
        ADD COLUMN country text,
        ADD CONSTRAINT seller_pk PRIMARY KEY (slug),
        ADD CONSTRAINT seller_prefix_key UNIQUE (invoice_prefix),
        ADD CONSTRAINT seller_country_form CHECK (country ~ '^[A-Z]{2}$');
      ALTER TABLE seller ALTER COLUMN slug DROP DEFAULT;
      GRANT INSERT ON seller TO tollgate_app;

      -- Who sells the products of a publisher team.
      ALTER TABLE publisher_team ADD COLUMN seller_slug text NOT NULL DEFAULT 'default',
        ADD CONSTRAINT publisher_team_seller_fk FOREIGN KEY (seller_slug) REFERENCES seller (slug);

      ALTER TABLE invoice ADD COLUMN seller_slug text NOT NULL DEFAULT 'default',
        ADD COLUMN seller jsonb,
        ADD CONSTRAINT invoice_seller_fk FOREIGN KEY (seller_slug) REFERENCES seller (slug);
      ALTER TABLE invoice DISABLE TRIGGER USER;
      UPDATE invoice SET seller = (SELECT jsonb_build_object('name', name, 'addressLines', address_lines, 'taxId', tax_id,
        'country', country) FROM seller);
      ALTER TABLE invoice ENABLE TRIGGER USER;
      ALTER TABLE invoice ALTER COLUMN seller SET NOT NULL, ALTER COLUMN seller_slug DROP DEFAULT;

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
      DO $$ BEGIN
        IF EXISTS (SELECT FROM invoice WHERE seller_slug <> 'default') THEN
          RAISE EXCEPTION 'there are invoices of other sellers than the default: with one seller their numbers are no series';
        END IF;
      END $$;

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

      ALTER TABLE invoice DROP CONSTRAINT invoice_seller_fk, DROP COLUMN seller, DROP COLUMN seller_slug;
      ALTER TABLE publisher_team DROP CONSTRAINT publisher_team_seller_fk, DROP COLUMN seller_slug;
      REVOKE INSERT ON seller FROM tollgate_app;
      DELETE FROM seller WHERE slug <> 'default';
      ALTER TABLE seller DROP CONSTRAINT seller_country_form, DROP CONSTRAINT seller_prefix_key, DROP CONSTRAINT seller_pk,
        DROP COLUMN country, DROP COLUMN slug,
        ADD COLUMN id boolean NOT NULL DEFAULT true,
        ADD CONSTRAINT seller_pk PRIMARY KEY (id),
        ADD CONSTRAINT seller_single CHECK (id);
    `);
  }
}
