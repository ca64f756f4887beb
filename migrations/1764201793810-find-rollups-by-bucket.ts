import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Proofs read the rollups of each day, which lie together as they were written in the order of time: a small index finds them. */
export class FindRollupsByBucket1764201793810 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE INDEX usage_rollup_bucket_idx ON usage_rollup USING brin (bucket_at)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX usage_rollup_bucket_idx`);
  }
}
