import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Days of operations get room in their pages as rollups and hours have it: an updated row stays there, and no index changes. */
export class LeaveRoomInUsageDays1764201793621 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE usage_operation_day SET (fillfactor = 60)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE usage_operation_day RESET (fillfactor)`);
  }
}
