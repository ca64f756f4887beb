import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Short windows that gateways share when there is no Redis. Not logged: they need not survive a crash. */
export class CreateRateWindows1764100000101 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE UNLOGGED TABLE rate_window (
        key text NOT NULL,
        state jsonb NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT rate_window_pk PRIMARY KEY (key)
      ) WITH (fillfactor = 50);
      GRANT SELECT, INSERT, UPDATE, DELETE ON rate_window TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE rate_window');
  }
}
