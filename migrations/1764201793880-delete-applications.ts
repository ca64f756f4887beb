import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An application can be deleted: what it has called and paid stays, its name is free again. */
export class DeleteApplications1764201793880 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE application ADD COLUMN deleted_at timestamptz, DROP CONSTRAINT application_name_key;
      CREATE UNIQUE INDEX application_name_key ON application (organization_id, name) WHERE deleted_at IS NULL;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Calls of those that are deleted stay refused, and their names are not in the way.
      UPDATE application SET name = 'Deleted application ' || id, suspended_at = coalesce(suspended_at, deleted_at)
      WHERE deleted_at IS NOT NULL;
      DROP INDEX application_name_key;
      ALTER TABLE application DROP COLUMN deleted_at,
        ADD CONSTRAINT application_name_key UNIQUE (organization_id, name);
    `);
  }
}
