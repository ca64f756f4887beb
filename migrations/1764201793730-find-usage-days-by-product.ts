import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Publishers ask for the days of a product, whoever has called it. */
export class FindUsageDaysByProduct1764201793730 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX usage_operation_day_product_idx ON usage_operation_day (api_product_id, day_at)`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX usage_operation_day_product_idx`);
  }
}
