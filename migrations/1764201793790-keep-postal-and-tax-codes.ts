import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a buyer is taxed, and as what a product is, where the payment provider computes the tax. */
export class KeepPostalAndTaxCodes1764201793790 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE billing_details ADD COLUMN postal_code text,
        ADD CONSTRAINT billing_details_postal_code_form CHECK (length(postal_code) BETWEEN 1 AND 12),
        ADD CONSTRAINT billing_details_postal_code_of_country CHECK (postal_code IS NULL OR country IS NOT NULL);
      ALTER TABLE api_product ADD COLUMN tax_code text,
        ADD CONSTRAINT api_product_tax_code_form CHECK (tax_code ~ '^txcd_[0-9]{8}$');
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE api_product DROP CONSTRAINT api_product_tax_code_form, DROP COLUMN tax_code;
      ALTER TABLE billing_details DROP CONSTRAINT billing_details_postal_code_of_country,
        DROP CONSTRAINT billing_details_postal_code_form, DROP COLUMN postal_code;
    `);
  }
}
