import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When owners are to be told that a key ends; the row waits for that, so that nobody is told twice or forgotten. A key that has ended is passed over. */
export class TellOfEndsOfKeys1764201793250 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE credential ADD COLUMN expiry_notice_at timestamptz;
      UPDATE credential SET expiry_notice_at = expires_at - interval '7 days'
      WHERE revoked_at IS NULL AND expires_at - interval '7 days' > created_at;
      CREATE INDEX credential_expiry_notice_idx ON credential (expiry_notice_at) WHERE expiry_notice_at IS NOT NULL;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE credential DROP COLUMN expiry_notice_at');
  }
}
