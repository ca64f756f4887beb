import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The slug of the first seller was added as a default that its row does not hold itself. Until a row is written whole,
 * Postgres takes every update of it for one of its key, which waits for all who insert an invoice of that seller; two of
 * those that draw a number at the same time were a deadlock.
 */
export class WriteSellerKeys1764201660003 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('UPDATE seller SET slug = slug');
  }

  /** The row is the same. */
  async down(): Promise<void> {}
}
