import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An application can be deleted: what it has called and paid stays. */
export class DeleteApplications1764201793880 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE application ADD COLUMN deleted_at timestamptz');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Calls of those that are deleted stay refused.
      UPDATE application SET suspended_at = coalesce(suspended_at, deleted_at) WHERE deleted_at IS NOT NULL;
      ALTER TABLE application DROP COLUMN deleted_at;
    `);
  }
}
