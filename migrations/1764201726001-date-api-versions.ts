import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When readers first saw a version, and from which day on it is switched off. */
export class DateApiVersions1764201726001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE api_version ADD COLUMN published_at timestamptz, ADD COLUMN sunset_on date;
      UPDATE api_version SET published_at = created_at WHERE state <> 'draft'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE api_version DROP COLUMN published_at, DROP COLUMN sunset_on');
  }
}
