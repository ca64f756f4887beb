import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a key may be restricted to, which key it takes over from, and keys that were made elsewhere. */
export class AddKeyLife1764100000601 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE credential
        ADD COLUMN hash_algorithm text NOT NULL DEFAULT 'peppered_sha256',
        ADD COLUMN hash_salt text,
        ADD COLUMN imported_prefix text,
        ADD COLUMN restrictions jsonb,
        ADD COLUMN rotated_from_id uuid,
        ALTER COLUMN pepper_id DROP NOT NULL,
        ADD CONSTRAINT credential_hash_algorithm_known CHECK (hash_algorithm IN ('peppered_sha256', 'sha256')),
        ADD CONSTRAINT credential_pepper_of_own CHECK ((hash_algorithm = 'peppered_sha256') = (pepper_id IS NOT NULL)),
        ADD CONSTRAINT credential_salt_of_imported CHECK (hash_salt IS NULL OR hash_algorithm = 'sha256'),
        ADD CONSTRAINT credential_organization_key UNIQUE (organization_id, id),
        ADD CONSTRAINT credential_rotated_once_key UNIQUE (rotated_from_id),
        ADD CONSTRAINT credential_rotated_from_fk FOREIGN KEY (organization_id, rotated_from_id)
          REFERENCES credential (organization_id, id);
      CREATE UNIQUE INDEX credential_imported_hash_key ON credential (secret_hash) WHERE hash_algorithm = 'sha256';
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX credential_imported_hash_key;
      ALTER TABLE credential
        DROP CONSTRAINT credential_rotated_from_fk,
        DROP CONSTRAINT credential_rotated_once_key,
        DROP CONSTRAINT credential_organization_key,
        DROP CONSTRAINT credential_salt_of_imported,
        DROP CONSTRAINT credential_pepper_of_own,
        DROP CONSTRAINT credential_hash_algorithm_known;
      -- Without its algorithm an imported key must open nothing: no pepper has an empty id.
      UPDATE credential SET pepper_id = '' WHERE pepper_id IS NULL;
      ALTER TABLE credential
        ALTER COLUMN pepper_id SET NOT NULL,
        DROP COLUMN rotated_from_id,
        DROP COLUMN restrictions,
        DROP COLUMN imported_prefix,
        DROP COLUMN hash_salt,
        DROP COLUMN hash_algorithm;
    `);
  }
}
