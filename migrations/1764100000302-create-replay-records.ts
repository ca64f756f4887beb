import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Answers to calls with an Idempotency-Key, kept for their replay. */
export class CreateReplayRecords1764100000302 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE replay_record (
        -- SHA-256 of application, operation and key.
        key bytea NOT NULL,
        organization_id uuid NOT NULL,
        -- The request that has claimed the key.
        claimant uuid NOT NULL,
        -- SHA-256 of what was asked.
        fingerprint bytea NOT NULL,
        -- Null while the call is under way.
        answer bytea,
        expires_at timestamptz NOT NULL,
        CONSTRAINT replay_record_pk PRIMARY KEY (key),
        CONSTRAINT replay_record_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id)
      );
      CREATE INDEX replay_record_expiry_idx ON replay_record (expires_at);
      ALTER TABLE replay_record ENABLE ROW LEVEL SECURITY;
      CREATE POLICY replay_record_scope ON replay_record
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE, DELETE ON replay_record TO tollgate_app`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE replay_record');
  }
}
