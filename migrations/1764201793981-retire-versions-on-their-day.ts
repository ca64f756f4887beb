import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deprecated versions can be switched off by themselves on their day, and those whom it concerns are told before. */
export class RetireVersionsOnTheirDay1764201793981 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Counts only while the version is deprecated and its sunset_on is this day: processes of the version before move that alone.
      CREATE TABLE api_version_retirement (
        api_version_id uuid NOT NULL,
        retire_on date NOT NULL,
        -- How many days before it those whom it concerns were told last; null for not yet.
        noticed_days smallint,
        CONSTRAINT api_version_retirement_pk PRIMARY KEY (api_version_id),
        CONSTRAINT api_version_retirement_version_fk FOREIGN KEY (api_version_id) REFERENCES api_version (id) ON DELETE CASCADE,
        CONSTRAINT api_version_retirement_noticed CHECK (noticed_days >= 0)
      );
      CREATE INDEX api_version_retirement_day_idx ON api_version_retirement (retire_on);
      GRANT SELECT, INSERT, UPDATE, DELETE ON api_version_retirement TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE api_version_retirement');
  }
}
