import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Storage of what every segment writes: measured with `npm run bench:ingest`. */
export class TuneLedger1764100001001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- A rollup row is updated many times while its quarter of an hour lasts: room on its page spares three index entries each time.
      ALTER TABLE usage_rollup SET (fillfactor = 60);
      -- Hashes do not compress, and trying to takes time.
      ALTER TABLE segment_manifest ALTER COLUMN digests SET STORAGE EXTERNAL;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE usage_rollup RESET (fillfactor);
      ALTER TABLE segment_manifest ALTER COLUMN digests SET STORAGE EXTENDED;
    `);
  }
}
