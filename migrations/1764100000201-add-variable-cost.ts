import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an event says of a call whose cost was not known before it. */
export class AddVariableCost1764100000201 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE usage_event
        -- A quantity is the declared maximum, as the answer did not say the real one.
        ADD COLUMN estimated boolean NOT NULL DEFAULT false,
        -- Units per meter above the declared maximum; never billed, and in no rollup.
        ADD COLUMN overrun jsonb;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE usage_event DROP COLUMN estimated, DROP COLUMN overrun`);
  }
}
