import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finance's board counts and pages through the periods and invoices of a month by their ends, whatever other months hold. */
export class IndexPeriodBoard1764201700402 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE INDEX billing_period_closed_idx ON billing_period (ends_at, subscription_id) WHERE state = 'closed';
      CREATE INDEX invoice_board_idx ON invoice (period_end, id) INCLUDE (state, currency, total_minor);
      CREATE INDEX invoice_under_way_idx ON invoice (state, period_end, id) INCLUDE (currency, total_minor)
        WHERE state IN ('draft', 'review', 'locked', 'issued', 'past_due');
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX invoice_under_way_idx, invoice_board_idx, billing_period_closed_idx');
  }
}
