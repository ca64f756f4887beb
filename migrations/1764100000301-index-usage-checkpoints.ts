import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the streams that a gateway left open without reading all of its events. */
export class IndexUsageCheckpoints1764100000301 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX usage_event_checkpoint_idx ON usage_event (gateway_id, gateway_epoch) WHERE outcome = 'checkpoint'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX usage_event_checkpoint_idx');
  }
}
