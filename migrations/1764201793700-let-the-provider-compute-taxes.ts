import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who computes the taxes of a seller: it by its own rates, or the payment provider. A tax that the provider has computed is on what
 * it says: not on all lines where some are not taxed, and of several of one invoice each has its own category.
 */
export class LetTheProviderComputeTaxes1764201793700 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE seller ADD COLUMN tax text NOT NULL DEFAULT 'own',
        ADD CONSTRAINT seller_tax_known CHECK (tax IN ('own', 'provider'));
      -- Those that wait for the provider; every other draft is gone with the transaction that made it.
      CREATE INDEX invoice_draft_idx ON invoice (id) WHERE state = 'draft';
      ${guardOfTaxes(`coalesce(NEW.tax_treatment->>'source', 'own') = 'own' AND (taxable_minor <> NEW.subtotal_minor
            OR category IS DISTINCT FROM NEW.tax_treatment->>'category')`)}
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DO $$ BEGIN
        IF EXISTS (SELECT FROM seller WHERE tax <> 'own') OR EXISTS (SELECT FROM invoice WHERE tax_treatment->>'source' = 'provider') THEN
          RAISE EXCEPTION 'the payment provider computes taxes here: without this nobody would';
        END IF;
      END $$;
      ${guardOfTaxes(`taxable_minor <> NEW.subtotal_minor
            OR category IS DISTINCT FROM NEW.tax_treatment->>'category'`)}
      DROP INDEX invoice_draft_idx;
      ALTER TABLE seller DROP CONSTRAINT seller_tax_known, DROP COLUMN tax;
    `);
  }
}

function guardOfTaxes(isWrong: string): string {
  return `
      CREATE OR REPLACE FUNCTION guard_taxes_of_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE taxes bigint; others bigint;
      BEGIN
        IF OLD.state <> 'draft' AND (NEW.buyer, NEW.tax_treatment, NEW.excess_tax_minor)
           IS DISTINCT FROM (OLD.buyer, OLD.tax_treatment, OLD.excess_tax_minor) THEN
          RAISE EXCEPTION 'invoice % is %: only its state and payment may change', OLD.id, OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF OLD.state = 'draft' AND NEW.state <> 'draft' THEN
          SELECT coalesce(sum(tax_minor), 0), count(*) FILTER (WHERE ${isWrong})
            INTO taxes, others FROM invoice_tax WHERE invoice_id = NEW.id;
          IF taxes <> NEW.tax_minor OR others > 0 THEN
            RAISE EXCEPTION 'invoice %: the taxes add up to %, the invoice says %; % of them are not on its lines', NEW.id, taxes,
              NEW.tax_minor, others USING ERRCODE = 'integrity_constraint_violation';
          END IF;
        END IF;
        RETURN NEW;
      END $$;`;
}
