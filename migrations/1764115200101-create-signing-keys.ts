import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The keys that sign what gateways tell upstreams about callers; their private parts are sealed secrets. */
export class CreateSigningKeys1764115200101 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE signing_key (
        id uuid NOT NULL,
        algorithm text NOT NULL,
        public_key jsonb NOT NULL,
        secret_id uuid NOT NULL,
        active_from timestamptz NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT signing_key_pk PRIMARY KEY (id),
        CONSTRAINT signing_key_secret_fk FOREIGN KEY (secret_id) REFERENCES secret (id),
        CONSTRAINT signing_key_algorithm_known CHECK (algorithm IN ('EdDSA', 'ES256')),
        CONSTRAINT signing_key_has_no_private_part CHECK (NOT public_key ? 'd')
      );
      GRANT SELECT, INSERT, DELETE ON signing_key TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TEMPORARY TABLE orphaned_secret ON COMMIT DROP AS SELECT secret_id AS id FROM signing_key;
      DROP TABLE signing_key;
      DELETE FROM secret WHERE id IN (SELECT id FROM orphaned_secret);
    `);
  }
}
