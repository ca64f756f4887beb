import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Several versions of an API may be at one place, told apart by the value of a header field. */
export class TellVersionsApartByHeader1764201793910 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE api_version
        ADD COLUMN version_header jsonb,
        ADD CONSTRAINT api_version_header_form CHECK (
          version_header IS NULL OR (
            coalesce(version_header ->> 'name' ~ '^[A-Za-z0-9-]{1,64}$', false)
            AND coalesce(version_header ->> 'value' ~ '^[A-Za-z0-9][A-Za-z0-9._:+-]{0,63}$', false)
            AND coalesce(jsonb_typeof(version_header -> 'isDefault') = 'boolean', false))),
        DROP CONSTRAINT api_version_place_key;
      CREATE UNIQUE INDEX api_version_place_key ON api_version (host, base_path, (version_header ->> 'value'))
        NULLS NOT DISTINCT;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Where versions share a place, nobody but their publisher knows which of them is to stay there: the constraint stops it.
      DROP INDEX api_version_place_key;
      ALTER TABLE api_version
        DROP COLUMN version_header,
        ADD CONSTRAINT api_version_place_key UNIQUE NULLS NOT DISTINCT (host, base_path);
    `);
  }
}
