import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The key of the certificate that gateways show to a version's upstream. */
export class AddUpstreamClientKey1764115200201 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE api_version
        ADD COLUMN client_key_secret_id uuid,
        ADD CONSTRAINT api_version_client_key_secret_fk FOREIGN KEY (client_key_secret_id) REFERENCES secret (id)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TEMPORARY TABLE orphaned_client_key ON COMMIT DROP AS
        SELECT client_key_secret_id AS id FROM api_version WHERE client_key_secret_id IS NOT NULL;
      ALTER TABLE api_version DROP COLUMN client_key_secret_id;
      DELETE FROM secret WHERE id IN (SELECT id FROM orphaned_client_key)`);
  }
}
