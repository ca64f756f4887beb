import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Requests to the control plane that came with an Idempotency-Key, and what they were answered, for a day. */
export class CreateIdempotencyRecords1764201780001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE idempotency_record (
        user_id text NOT NULL,
        key_hash bytea NOT NULL,
        -- Of method, address and body.
        request_hash bytea NOT NULL,
        claim_id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        -- Null while it is under way, and for ever when its process died.
        status integer,
        -- What was answered, sealed: it may hold what is shown only once.
        sealed_key_id text,
        nonce bytea,
        ciphertext bytea,
        CONSTRAINT idempotency_record_pk PRIMARY KEY (user_id, key_hash),
        CONSTRAINT idempotency_record_user_fk FOREIGN KEY (user_id) REFERENCES auth."user" ("id") ON DELETE CASCADE,
        CONSTRAINT idempotency_record_hash_lengths CHECK (octet_length(key_hash) = 32 AND octet_length(request_hash) = 32),
        CONSTRAINT idempotency_record_ends CHECK (expires_at > created_at),
        CONSTRAINT idempotency_record_answer_whole CHECK (
          (status IS NULL) = (ciphertext IS NULL) AND (ciphertext IS NULL) = (nonce IS NULL)
          AND (nonce IS NULL) = (sealed_key_id IS NULL))
      );
      CREATE INDEX idempotency_record_expiry_idx ON idempotency_record (expires_at);
      GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_record TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE idempotency_record;');
  }
}
