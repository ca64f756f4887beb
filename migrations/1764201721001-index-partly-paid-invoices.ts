import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An invoice by card that was paid in part falls due as one by transfer does: no card is charged for it. */
export class IndexPartlyPaidInvoices1764201721001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX invoice_falling_due_idx;
      CREATE INDEX invoice_falling_due_idx ON invoice (due_at)
        WHERE state = 'issued' AND (payment_method = 'transfer' OR paid_minor > 0);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX invoice_falling_due_idx;
      CREATE INDEX invoice_falling_due_idx ON invoice (due_at) WHERE state = 'issued' AND payment_method = 'transfer';
    `);
  }
}
