import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Processes say with which settings they run: secrets only whether they are set, and URLs without user and password. */
export class TellOfSettings1764201793980 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE running_process (
        kind text NOT NULL,
        -- Of a gateway its id, of others their machine and process.
        name text NOT NULL,
        software_version text NOT NULL,
        node_version text NOT NULL,
        host_name text NOT NULL,
        started_at timestamptz NOT NULL,
        heartbeat_at timestamptz NOT NULL,
        settings jsonb NOT NULL,
        CONSTRAINT running_process_pk PRIMARY KEY (kind, name),
        CONSTRAINT running_process_kind CHECK (kind IN ('api', 'worker', 'gateway')),
        CONSTRAINT running_process_size CHECK (
          length(name) <= 300 AND length(software_version) <= 100 AND length(node_version) <= 100
          AND length(host_name) <= 300 AND octet_length(settings::text) <= 65536)
      );
      GRANT SELECT, INSERT, UPDATE, DELETE ON running_process TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE running_process');
  }
}
