import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The account of a seller that transfers go to; an invoice keeps it with the rest of its seller. */
export class AddBankAccounts1764201710102 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE seller ADD COLUMN bank_account jsonb`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE seller DROP COLUMN bank_account`);
  }
}
