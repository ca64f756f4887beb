import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An invoice can have lines that make a meter's charge up to its minimum. */
export class AddMinimumCommitments1764201630001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE invoice_line
        DROP CONSTRAINT invoice_line_kind_known,
        ADD CONSTRAINT invoice_line_kind_known
          CHECK (kind IN ('fixed_fee', 'usage', 'late_usage', 'minimum_commitment'));
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE invoice_line
        DROP CONSTRAINT invoice_line_kind_known,
        ADD CONSTRAINT invoice_line_kind_known CHECK (kind IN ('fixed_fee', 'usage', 'late_usage'));
    `);
  }
}
