import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Answers of a deprecated version say since when it is: of those that are, the audit log knows it best. */
export class DateDeprecations1764201793840 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE api_version ADD COLUMN deprecated_at timestamptz;
      UPDATE api_version AS version SET deprecated_at = coalesce(
        (SELECT max(entry.created_at) FROM audit_log AS entry JOIN api ON api.id = version.api_id
         WHERE entry.noun = 'API version' AND entry.noun_id = api.slug || '/' || version.name
           AND (entry.details -> 'fields' ? 'state' OR entry.action = 'created')),
        published_at, created_at)
      WHERE state = 'deprecated';
      ALTER TABLE api_version ADD CONSTRAINT api_version_deprecation_dated
        CHECK (state <> 'deprecated' OR deprecated_at IS NOT NULL);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE api_version DROP COLUMN deprecated_at');
  }
}
