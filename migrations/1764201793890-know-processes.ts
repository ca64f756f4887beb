import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Workers say that they run, as gateways do, and both say of which version they are. */
export class KnowProcesses1764201793890 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Null for gateways that started before.
      ALTER TABLE gateway ADD COLUMN software_version text;
      CREATE TABLE worker (
        id text NOT NULL,
        software_version text NOT NULL,
        started_at timestamptz NOT NULL,
        heartbeat_at timestamptz NOT NULL,
        CONSTRAINT worker_pk PRIMARY KEY (id)
      );
      GRANT SELECT, INSERT, UPDATE, DELETE ON worker TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE worker;
      ALTER TABLE gateway DROP COLUMN software_version;
    `);
  }
}
