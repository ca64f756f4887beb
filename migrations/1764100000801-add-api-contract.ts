import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What gateways check requests against and answer mocked calls from; a version that is mocked needs no upstream. */
export class AddApiContract1764100000801 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE api_version
        ADD COLUMN contract json,
        ALTER COLUMN upstream DROP NOT NULL,
        ADD CONSTRAINT api_version_answered CHECK (upstream IS NOT NULL OR policies ? 'mock')`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DELETE FROM api_version WHERE upstream IS NULL');
    await queryRunner.query(`
      ALTER TABLE api_version
        DROP CONSTRAINT api_version_answered,
        ALTER COLUMN upstream SET NOT NULL,
        DROP COLUMN contract`);
  }
}
