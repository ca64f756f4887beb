import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Words by which readers of the catalogue find a product. */
export class AddProductTags1764201790001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE api_product ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
        ADD CONSTRAINT api_product_tags_bounds CHECK (cardinality(tags) <= 10 AND array_position(tags, NULL) IS NULL)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE api_product DROP COLUMN tags');
  }
}
