import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What dunning could not do, so that it is tried again later and keeps nothing else waiting meanwhile. */
export class CreateDunningFailures1764201722002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE dunning_failure (
        organization_id uuid NOT NULL,
        -- Of an invoice: 'case' or 'reminder'; of an organization: 'pause'.
        kind text NOT NULL,
        subject_id uuid NOT NULL,
        failures integer NOT NULL,
        error text NOT NULL,
        failed_at timestamptz NOT NULL,
        retry_at timestamptz NOT NULL,
        CONSTRAINT dunning_failure_pk PRIMARY KEY (kind, subject_id),
        CONSTRAINT dunning_failure_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id),
        CONSTRAINT dunning_failure_kind_known CHECK (kind IN ('case', 'reminder', 'pause')),
        CONSTRAINT dunning_failure_counted CHECK (failures > 0)
      );
      ALTER TABLE dunning_failure ENABLE ROW LEVEL SECURITY;
      CREATE POLICY dunning_failure_scope ON dunning_failure
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE, DELETE ON dunning_failure TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE dunning_failure');
  }
}
