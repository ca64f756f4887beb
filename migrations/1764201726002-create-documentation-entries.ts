import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Guides beside the reference of a version, and what its operations and guides say, for searching. */
export class CreateDocumentationEntries1764201726002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE api_version ADD COLUMN guides jsonb NOT NULL DEFAULT '[]';

      CREATE TABLE documentation_entry (
        api_version_id uuid NOT NULL,
        position integer NOT NULL,
        kind text NOT NULL,
        -- Of an operation; a guide has its slug as the name and no method.
        method text,
        name text NOT NULL,
        operation_id text,
        title text NOT NULL,
        body text NOT NULL,
        -- Names are split at capitals and marks, so that "country" finds getCountry and /countries/{code}.
        search tsvector NOT NULL GENERATED ALWAYS AS (
          setweight(to_tsvector('english', title), 'A')
          || setweight(to_tsvector('english', regexp_replace(
               regexp_replace(name || ' ' || coalesce(operation_id, ''), '([a-z0-9])([A-Z])', '\\1 \\2', 'g'),
               '[^[:alnum:]]+', ' ', 'g')), 'B')
          || setweight(to_tsvector('english', body), 'D')) STORED,
        CONSTRAINT documentation_entry_pk PRIMARY KEY (api_version_id, position),
        CONSTRAINT documentation_entry_version_fk FOREIGN KEY (api_version_id) REFERENCES api_version (id) ON DELETE CASCADE,
        CONSTRAINT documentation_entry_kind_known CHECK (kind IN ('operation', 'guide')),
        CONSTRAINT documentation_entry_method_fits CHECK ((kind = 'operation') = (method IS NOT NULL))
      );
      CREATE INDEX documentation_entry_search_idx ON documentation_entry USING gin (search);
      GRANT SELECT, INSERT, DELETE ON documentation_entry TO tollgate_app;

      INSERT INTO documentation_entry (api_version_id, position, kind, method, name, operation_id, title, body)
      SELECT version.id, row_number() OVER (PARTITION BY version.id) - 1, 'operation', upper(operation.key), path.key,
             operation.value ->> 'operationId',
             left(coalesce(operation.value ->> 'summary', ''), 1000), left(coalesce(operation.value ->> 'description', ''), 20000)
      FROM api_version version, json_each(version.document -> 'paths') path,
           json_each(CASE WHEN json_typeof(path.value) = 'object' THEN path.value ELSE '{}' END) operation
      WHERE version.document ->> 'paths' IS NOT NULL AND json_typeof(operation.value) = 'object'
        AND operation.key IN ('get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace')`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE documentation_entry; ALTER TABLE api_version DROP COLUMN guides');
  }
}
