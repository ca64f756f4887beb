import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why calls were refused, beside the ledger: kept for a month, billed by nobody. */
export class KeepRefusedCalls1764201793990 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Calls of one kind that one start of a gateway has refused within an hour.
      -- No references: what is only looked at must not hold up who writes it.
      CREATE TABLE refused_calls (
        api_version_id uuid NOT NULL,
        starts_at timestamptz NOT NULL,
        operation text NOT NULL,
        -- Null for callers that nobody knows.
        organization_id uuid,
        application_id uuid,
        credential_id uuid,
        mode text,
        code text NOT NULL,
        status smallint NOT NULL,
        gateway_id text NOT NULL,
        epoch bigint NOT NULL,
        calls bigint NOT NULL,
        last_at timestamptz NOT NULL,
        CONSTRAINT refused_calls_key UNIQUE NULLS NOT DISTINCT (api_version_id, starts_at, operation, credential_id, code, gateway_id, epoch),
        CONSTRAINT refused_calls_mode CHECK (mode IN ('live', 'test')),
        CONSTRAINT refused_calls_caller CHECK (num_nulls(application_id, credential_id, mode) IN (0, 3)),
        CONSTRAINT refused_calls_calls CHECK (calls > 0)
        -- The hour that is under way is written again and again.
      ) WITH (fillfactor = 70);
      CREATE INDEX refused_calls_organization_idx ON refused_calls (organization_id, starts_at) WHERE organization_id IS NOT NULL;
      CREATE INDEX refused_calls_age_idx ON refused_calls (starts_at);
      ALTER TABLE refused_calls ENABLE ROW LEVEL SECURITY;
      CREATE POLICY refused_calls_scope ON refused_calls
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE, DELETE ON refused_calls TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE refused_calls');
  }
}
