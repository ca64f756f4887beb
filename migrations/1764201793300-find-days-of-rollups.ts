import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is written of one day, for proofs that read day after day: rows come nearly in the order of time, so that an index of ranges of
 * blocks finds them and costs next to nothing to keep.
 */
export class FindDaysOfRollups1764201793300 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE INDEX usage_rollup_bucket_idx ON usage_rollup USING brin (bucket_at) WITH (autosummarize = on);
      CREATE INDEX usage_hour_hour_idx ON usage_hour USING brin (hour_at) WITH (autosummarize = on);
      CREATE INDEX usage_operation_day_day_idx ON usage_operation_day USING brin (day_at) WITH (autosummarize = on);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX usage_rollup_bucket_idx, usage_hour_hour_idx, usage_operation_day_day_idx`);
  }
}
