import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Taxes of invoices: what sellers charge where, what an organization's invoices say of it, and one row for each tax of an
 * invoice and of a credit note. Rows and snapshots are fixed with the lines; lines and taxes add up, by the database.
 */
export class AddTaxes1764201700101 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE api_product ADD COLUMN tax_category text NOT NULL DEFAULT 'standard',
        ADD CONSTRAINT api_product_tax_category_known CHECK (tax_category IN ('standard', 'reduced', 'zero', 'exempt'));

      -- What a seller charges of tax, or says of it, in a place. Only the end of a rate changes.
      CREATE TABLE tax_rate (
        id uuid NOT NULL,
        seller_slug text NOT NULL,
        country text NOT NULL,
        region text,
        category text NOT NULL,
        name text NOT NULL,
        percent numeric(7, 4) NOT NULL,
        tax_id text,
        note text,
        valid_from timestamptz NOT NULL,
        valid_to timestamptz,
        CONSTRAINT tax_rate_pk PRIMARY KEY (id),
        CONSTRAINT tax_rate_seller_fk FOREIGN KEY (seller_slug) REFERENCES seller (slug),
        CONSTRAINT tax_rate_country_form CHECK (country ~ '^[A-Z]{2}$'),
        CONSTRAINT tax_rate_region_form CHECK (region ~ '^[A-Z0-9]{1,3}$'),
        CONSTRAINT tax_rate_category_known CHECK (
          category IN ('standard', 'reduced', 'zero', 'exempt', 'reverse_charge', 'outside_scope')),
        CONSTRAINT tax_rate_percent_fits CHECK (
          percent BETWEEN 0 AND 100 AND (percent > 0) = (category IN ('standard', 'reduced'))),
        CONSTRAINT tax_rate_exempt_note CHECK (category <> 'exempt' OR note IS NOT NULL),
        CONSTRAINT tax_rate_validity CHECK (valid_to > valid_from)
      );
      CREATE INDEX tax_rate_seller_idx ON tax_rate (seller_slug, country, valid_from);
      CREATE FUNCTION guard_tax_rate() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND
           (NEW.id, NEW.seller_slug, NEW.country, NEW.region, NEW.category, NEW.name, NEW.percent, NEW.tax_id, NEW.note, NEW.valid_from)
           IS DISTINCT FROM
           (OLD.id, OLD.seller_slug, OLD.country, OLD.region, OLD.category, OLD.name, OLD.percent, OLD.tax_id, OLD.note, OLD.valid_from))
        THEN
          RAISE EXCEPTION 'tax rate %: only its end may change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        -- Two who add rates of a seller wait for each other.
        PERFORM FROM seller WHERE slug = NEW.seller_slug FOR NO KEY UPDATE;
        IF EXISTS (SELECT FROM tax_rate other
                   WHERE other.id <> NEW.id AND other.seller_slug = NEW.seller_slug AND other.country = NEW.country
                     AND other.region IS NOT DISTINCT FROM NEW.region AND other.category = NEW.category
                     AND other.name = NEW.name AND tstzrange(other.valid_from, other.valid_to) && tstzrange(NEW.valid_from, NEW.valid_to))
        THEN
          RAISE EXCEPTION 'tax rate %: another of the same place, category and name is in force at the same time', NEW.id
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'tax_rate_overlap';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER tax_rate_guard BEFORE INSERT OR UPDATE OR DELETE ON tax_rate
        FOR EACH ROW EXECUTE FUNCTION guard_tax_rate();
      GRANT SELECT, INSERT, UPDATE ON tax_rate TO tollgate_app;

      CREATE TABLE billing_details (
        organization_id uuid NOT NULL,
        legal_name text,
        address_lines text[] NOT NULL,
        country text,
        region text,
        -- [{country, value}]
        tax_ids jsonb NOT NULL,
        purchase_order_number text,
        exemption_reason text,
        CONSTRAINT billing_details_pk PRIMARY KEY (organization_id),
        CONSTRAINT billing_details_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id),
        CONSTRAINT billing_details_country_form CHECK (country ~ '^[A-Z]{2}$'),
        CONSTRAINT billing_details_region_form CHECK (region ~ '^[A-Z0-9]{1,3}$'),
        CONSTRAINT billing_details_region_of_country CHECK (region IS NULL OR country IS NOT NULL),
        CONSTRAINT billing_details_exemption_reason CHECK (exemption_reason <> '')
      );
      ALTER TABLE billing_details ENABLE ROW LEVEL SECURITY;
      CREATE POLICY billing_details_scope ON billing_details
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON billing_details TO tollgate_app;

      ALTER TABLE invoice
        -- Who it is for, as they were; null on an invoice of before.
        ADD COLUMN buyer jsonb,
        -- {category, note, explanation}; null on an invoice of before.
        ADD COLUMN tax_treatment jsonb,
        -- The tax on excess_credit_minor, which went to the balance with it.
        ADD COLUMN excess_tax_minor bigint NOT NULL DEFAULT 0,
        ADD CONSTRAINT invoice_excess_tax_positive CHECK (excess_tax_minor >= 0 AND (excess_tax_minor = 0 OR excess_credit_minor > 0));

      -- One tax on the sum of an invoice's lines.
      CREATE TABLE invoice_tax (
        invoice_id uuid NOT NULL,
        position integer NOT NULL,
        organization_id uuid NOT NULL,
        category text NOT NULL,
        name text NOT NULL,
        percent numeric(7, 4) NOT NULL,
        country text,
        region text,
        taxable_minor bigint NOT NULL,
        tax_minor bigint NOT NULL,
        CONSTRAINT invoice_tax_pk PRIMARY KEY (invoice_id, position),
        CONSTRAINT invoice_tax_invoice_fk FOREIGN KEY (organization_id, invoice_id) REFERENCES invoice (organization_id, id),
        CONSTRAINT invoice_tax_category_known CHECK (
          category IN ('standard', 'reduced', 'zero', 'exempt', 'reverse_charge', 'outside_scope')),
        CONSTRAINT invoice_tax_not_negative CHECK (taxable_minor >= 0 AND tax_minor >= 0 AND percent BETWEEN 0 AND 100),
        CONSTRAINT invoice_tax_where_charged CHECK (
          category IN ('standard', 'reduced') OR (percent = 0 AND tax_minor = 0))
      );
      CREATE FUNCTION guard_invoice_tax() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP <> 'INSERT' OR (SELECT state FROM invoice WHERE id = NEW.invoice_id) <> 'draft' THEN
          RAISE EXCEPTION 'the taxes of invoice % are fixed', CASE TG_OP WHEN 'DELETE' THEN OLD.invoice_id ELSE NEW.invoice_id END
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER invoice_tax_guard BEFORE INSERT OR UPDATE OR DELETE ON invoice_tax
        FOR EACH ROW EXECUTE FUNCTION guard_invoice_tax();
      ALTER TABLE invoice_tax ENABLE ROW LEVEL SECURITY;
      CREATE POLICY invoice_tax_scope ON invoice_tax
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON invoice_tax TO tollgate_app;

      -- Beside guard_invoice, which does the same for the lines.
      CREATE FUNCTION guard_taxes_of_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE taxes bigint; others bigint;
      BEGIN
        IF OLD.state <> 'draft' AND (NEW.buyer, NEW.tax_treatment, NEW.excess_tax_minor)
           IS DISTINCT FROM (OLD.buyer, OLD.tax_treatment, OLD.excess_tax_minor) THEN
          RAISE EXCEPTION 'invoice % is %: only its state and payment may change', OLD.id, OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF OLD.state = 'draft' AND NEW.state <> 'draft' THEN
          SELECT coalesce(sum(tax_minor), 0), count(*) FILTER (WHERE taxable_minor <> NEW.subtotal_minor
            OR category IS DISTINCT FROM NEW.tax_treatment->>'category')
            INTO taxes, others FROM invoice_tax WHERE invoice_id = NEW.id;
          IF taxes <> NEW.tax_minor OR others > 0 THEN
            RAISE EXCEPTION 'invoice %: the taxes add up to %, the invoice says %; % of them are not on its lines', NEW.id, taxes,
              NEW.tax_minor, others USING ERRCODE = 'integrity_constraint_violation';
          END IF;
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER invoice_taxes_guard BEFORE UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION guard_taxes_of_invoice();

      ALTER TABLE credit_note ADD COLUMN subtotal_minor bigint, ADD COLUMN tax_minor bigint NOT NULL DEFAULT 0;
      ALTER TABLE credit_note DISABLE TRIGGER USER;
      UPDATE credit_note SET subtotal_minor = total_minor;
      ALTER TABLE credit_note ENABLE TRIGGER USER;
      ALTER TABLE credit_note ALTER COLUMN subtotal_minor SET NOT NULL, ALTER COLUMN tax_minor DROP DEFAULT,
        ADD CONSTRAINT credit_note_total_adds_up CHECK (total_minor = subtotal_minor + tax_minor),
        ADD CONSTRAINT credit_note_tax_not_negative CHECK (tax_minor >= 0 AND subtotal_minor > 0);

      -- What a credit note gives back of a tax of its invoice.
      CREATE TABLE credit_note_tax (
        credit_note_id uuid NOT NULL,
        position integer NOT NULL,
        organization_id uuid NOT NULL,
        invoice_id uuid NOT NULL,
        taxable_minor bigint NOT NULL,
        tax_minor bigint NOT NULL,
        CONSTRAINT credit_note_tax_pk PRIMARY KEY (credit_note_id, position),
        CONSTRAINT credit_note_tax_note_fk FOREIGN KEY (organization_id, credit_note_id)
          REFERENCES credit_note (organization_id, id),
        CONSTRAINT credit_note_tax_tax_fk FOREIGN KEY (invoice_id, position) REFERENCES invoice_tax (invoice_id, position),
        CONSTRAINT credit_note_tax_not_negative CHECK (taxable_minor > 0 AND tax_minor >= 0)
      );
      CREATE INDEX credit_note_tax_tax_idx ON credit_note_tax (invoice_id, position);
      CREATE FUNCTION guard_credit_note_tax() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE charged bigint; before bigint;
      BEGIN
        SELECT tax_minor INTO charged FROM invoice_tax WHERE invoice_id = NEW.invoice_id AND position = NEW.position;
        SELECT coalesce(sum(tax_minor), 0) INTO before FROM credit_note_tax
          WHERE invoice_id = NEW.invoice_id AND position = NEW.position;
        IF NEW.invoice_id <> (SELECT invoice_id FROM credit_note WHERE id = NEW.credit_note_id) OR before + NEW.tax_minor > charged
        THEN
          RAISE EXCEPTION 'tax % of invoice % is %: % cannot be given back after %', NEW.position, NEW.invoice_id, charged,
            NEW.tax_minor, before USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER credit_note_tax_guard BEFORE INSERT ON credit_note_tax
        FOR EACH ROW EXECUTE FUNCTION guard_credit_note_tax();
      CREATE TRIGGER credit_note_tax_fixed BEFORE UPDATE OR DELETE ON credit_note_tax
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      ALTER TABLE credit_note_tax ENABLE ROW LEVEL SECURITY;
      CREATE POLICY credit_note_tax_scope ON credit_note_tax
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON credit_note_tax TO tollgate_app;

      CREATE OR REPLACE FUNCTION settle_credit_note() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE lines bigint; taxes bigint; kept bigint;
      BEGIN
        SELECT coalesce(sum(amount_minor), 0) INTO lines FROM credit_note_line WHERE credit_note_id = NEW.id;
        SELECT coalesce(sum(tax_minor), 0) INTO taxes FROM credit_note_tax WHERE credit_note_id = NEW.id;
        SELECT coalesce(sum(amount_minor), 0) INTO kept FROM balance_entry WHERE credit_note_id = NEW.id;
        IF lines <> NEW.subtotal_minor OR taxes <> NEW.tax_minor OR kept <> NEW.total_minor THEN
          RAISE EXCEPTION 'credit note %: lines of %, taxes of %, the balance got %; it says % with taxes of %', NEW.number, lines,
            taxes, kept, NEW.total_minor, NEW.tax_minor USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DO $$ BEGIN
        IF EXISTS (SELECT FROM invoice WHERE tax_minor > 0 OR excess_tax_minor > 0) THEN
          RAISE EXCEPTION 'there are invoices with tax: without its rows it cannot be told what it is';
        END IF;
      END $$;

      CREATE OR REPLACE FUNCTION settle_credit_note() RETURNS trigger LANGUAGE plpgsql AS $$
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
      DROP TABLE credit_note_tax;
      DROP FUNCTION guard_credit_note_tax();
      ALTER TABLE credit_note DROP CONSTRAINT credit_note_tax_not_negative, DROP CONSTRAINT credit_note_total_adds_up,
        DROP COLUMN tax_minor, DROP COLUMN subtotal_minor;
      DROP TRIGGER invoice_taxes_guard ON invoice;
      DROP FUNCTION guard_taxes_of_invoice();
      DROP TABLE invoice_tax;
      DROP FUNCTION guard_invoice_tax();
      ALTER TABLE invoice DROP CONSTRAINT invoice_excess_tax_positive, DROP COLUMN excess_tax_minor,
        DROP COLUMN tax_treatment, DROP COLUMN buyer;
      DROP TABLE billing_details;
      DROP TABLE tax_rate;
      DROP FUNCTION guard_tax_rate();
      ALTER TABLE api_product DROP CONSTRAINT api_product_tax_category_known, DROP COLUMN tax_category;
    `);
  }
}
