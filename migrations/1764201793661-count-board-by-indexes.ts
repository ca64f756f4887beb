import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Finance's board is counted and added up from indexes alone. They lacked the organization, which row-level security asks for,
 * and so each row of the table was read as well. Why periods are held was looked for in all periods that ever were.
 */
export class CountBoardByIndexes1764201793661 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX billing_period_due_idx, billing_period_closed_idx, invoice_board_idx, invoice_under_way_idx;
      CREATE INDEX billing_period_due_idx ON billing_period (ends_at) INCLUDE (state, organization_id) WHERE state <> 'closed';
      CREATE INDEX billing_period_closed_idx ON billing_period (ends_at, subscription_id) INCLUDE (organization_id)
        WHERE state = 'closed';
      CREATE INDEX billing_period_held_idx ON billing_period (ends_at, subscription_id) WHERE state = 'incomplete';
      CREATE INDEX invoice_board_idx ON invoice (period_end, id) INCLUDE (kind, state, currency, total_minor, organization_id);
      CREATE INDEX invoice_under_way_idx ON invoice (state, period_end, id)
        INCLUDE (kind, currency, total_minor, organization_id)
        WHERE state IN ('draft', 'review', 'locked', 'issued', 'past_due');
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX invoice_under_way_idx, invoice_board_idx, billing_period_held_idx, billing_period_closed_idx,
        billing_period_due_idx;
      CREATE INDEX billing_period_due_idx ON billing_period (ends_at) WHERE state <> 'closed';
      CREATE INDEX billing_period_closed_idx ON billing_period (ends_at, subscription_id) WHERE state = 'closed';
      CREATE INDEX invoice_board_idx ON invoice (period_end, id) INCLUDE (state, currency, total_minor);
      CREATE INDEX invoice_under_way_idx ON invoice (state, period_end, id) INCLUDE (currency, total_minor)
        WHERE state IN ('draft', 'review', 'locked', 'issued', 'past_due');
    `);
  }
}
