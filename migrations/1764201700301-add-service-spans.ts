import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What span a fee in advance pays for, or of which one is given back, beside the period that invoices it: when it is earned
 * follows from that. Lines of before have none, and count as earned when they were invoiced.
 */
export class AddServiceSpans1764201700301 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE invoice_line
        ADD COLUMN service_start timestamptz,
        ADD COLUMN service_end timestamptz,
        ADD CONSTRAINT invoice_line_service_order CHECK (service_end >= service_start),
        ADD CONSTRAINT invoice_line_service_whole CHECK ((service_start IS NULL) = (service_end IS NULL)),
        ADD CONSTRAINT invoice_line_service_of_fee CHECK (
          service_start IS NULL OR kind IN ('fixed_fee', 'fixed_fee_credit'));
      CREATE INDEX invoice_line_service_idx ON invoice_line (service_end, invoice_id) WHERE service_end IS NOT NULL;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX invoice_line_service_idx;
      ALTER TABLE invoice_line
        DROP CONSTRAINT invoice_line_service_of_fee,
        DROP CONSTRAINT invoice_line_service_whole,
        DROP CONSTRAINT invoice_line_service_order,
        DROP COLUMN service_end,
        DROP COLUMN service_start;
    `);
  }
}
