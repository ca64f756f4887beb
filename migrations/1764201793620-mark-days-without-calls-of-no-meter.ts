import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Days that were only in the archive before calls without units were counted say so, and their proof does not look for
 * these calls. What is billed, and what a quota holds, is proven of them as before.
 */
export class MarkDaysWithoutCallsOfNoMeter1764201793620 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE usage_archive ADD COLUMN counts_calls_without_units boolean NOT NULL DEFAULT true;
      ALTER TABLE usage_archive DISABLE TRIGGER usage_archive_dropped_stays;
      -- Whichever was counted has rows, if there was such a call at all.
      UPDATE usage_archive SET counts_calls_without_units = false
        WHERE dropped_at IS NOT NULL AND day NOT IN (
          SELECT (day_at AT TIME ZONE 'UTC')::date FROM usage_operation_day WHERE meter = '');
      ALTER TABLE usage_archive ENABLE TRIGGER usage_archive_dropped_stays;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE usage_archive DROP COLUMN counts_calls_without_units`);
  }
}
