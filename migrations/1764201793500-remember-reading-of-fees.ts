import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Until when the fees of the payment provider were read, so that a proof leaves out what may still be unread. */
export class RememberReadingOfFees1764201793500 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE provider_fee_reading (
        is_only boolean NOT NULL DEFAULT true,
        read_until timestamptz NOT NULL,
        CONSTRAINT provider_fee_reading_pk PRIMARY KEY (is_only),
        CONSTRAINT provider_fee_reading_single CHECK (is_only)
      );
      GRANT SELECT, INSERT, UPDATE ON provider_fee_reading TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE provider_fee_reading;`);
  }
}
