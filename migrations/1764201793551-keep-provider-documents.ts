import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where the payment provider's own document of an invoice is, beside its page. */
export class KeepProviderDocuments1764201793551 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE invoice ADD COLUMN hosted_pdf_url text;`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE invoice DROP COLUMN hosted_pdf_url;`);
  }
}
