import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Staff who give and take away the roles of others. */
export class AddAdminRole1764201725002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE staff_role DROP CONSTRAINT staff_role_known,
        ADD CONSTRAINT staff_role_known CHECK (role IN ('finance', 'operator', 'admin'));
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DELETE FROM staff_role WHERE role = 'admin';
      ALTER TABLE staff_role DROP CONSTRAINT staff_role_known,
        ADD CONSTRAINT staff_role_known CHECK (role IN ('finance', 'operator'));
    `);
  }
}
