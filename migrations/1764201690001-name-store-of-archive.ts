import type { MigrationInterface, QueryRunner } from 'typeorm';

/** In which kind of store an archived day is: all so far are files. */
export class NameStoreOfArchive1764201690001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE usage_archive ADD COLUMN store text NOT NULL DEFAULT 'files',
        ADD CONSTRAINT usage_archive_store_known CHECK (store IN ('files', 'clickhouse'));
      GRANT UPDATE (store) ON usage_archive TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DO $$ BEGIN
        IF EXISTS (SELECT FROM usage_archive WHERE dropped_at IS NOT NULL AND store <> 'files') THEN
          RAISE EXCEPTION 'days of the ledger are only in ClickHouse; an older version would look for files';
        END IF;
      END $$;
      ALTER TABLE usage_archive DROP COLUMN store;
    `);
  }
}
