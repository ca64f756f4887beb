import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Personal access tokens: people's own, for command line and CI. */
export class CreateAccessTokens1764201725003 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE access_token (
        id uuid NOT NULL,
        user_id text NOT NULL,
        name text NOT NULL,
        token_id text NOT NULL,
        secret_hash bytea NOT NULL,
        pepper_id text NOT NULL,
        scopes text[] NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        last_used_at timestamptz,
        revoked_at timestamptz,
        CONSTRAINT access_token_pk PRIMARY KEY (id),
        CONSTRAINT access_token_token_id_key UNIQUE (token_id),
        CONSTRAINT access_token_user_fk FOREIGN KEY (user_id) REFERENCES auth."user" ("id") ON DELETE CASCADE,
        CONSTRAINT access_token_hash_length CHECK (octet_length(secret_hash) = 32),
        CONSTRAINT access_token_name_present CHECK (length(trim(name)) BETWEEN 1 AND 120),
        CONSTRAINT access_token_scopes_some CHECK (cardinality(scopes) > 0),
        CONSTRAINT access_token_ends CHECK (expires_at > created_at)
      );
      CREATE INDEX access_token_user_idx ON access_token (user_id, id DESC);
      GRANT SELECT, INSERT, UPDATE ON access_token TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE access_token;');
  }
}
