import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The policies of an API version's traffic, beside its upstream. */
export class AddVersionPolicies1764100000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE api_version ADD COLUMN policies jsonb NOT NULL DEFAULT '{}'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE api_version DROP COLUMN policies');
  }
}
