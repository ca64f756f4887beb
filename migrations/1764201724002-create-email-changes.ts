import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Addresses that people want to change to and have not confirmed yet. */
export class CreateEmailChanges1764201724002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE email_change (
        user_id text NOT NULL,
        new_email text NOT NULL,
        -- SHA-256 of the token in the mail.
        token_hash bytea NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT email_change_pk PRIMARY KEY (user_id),
        CONSTRAINT email_change_token_key UNIQUE (token_hash),
        CONSTRAINT email_change_user_fk FOREIGN KEY (user_id) REFERENCES auth."user" ("id") ON DELETE CASCADE,
        CONSTRAINT email_change_hash_length CHECK (octet_length(token_hash) = 32)
      );
      GRANT SELECT, INSERT, UPDATE, DELETE ON email_change TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE email_change');
  }
}
