import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Usage is reported for an application, whose subscriptions may have ended; the other index has only live ones. */
export class FindSubscriptionsOfApplications1764201793992 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE INDEX subscription_application_idx ON subscription (application_id)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX subscription_application_idx');
  }
}
