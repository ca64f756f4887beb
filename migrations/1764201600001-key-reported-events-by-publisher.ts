import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Two publishers may report to one organization under the same source and id without getting in each other's way. */
export class KeyReportedEventsByPublisher1764201600001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE reported_event ADD COLUMN publisher_team_id uuid;
      ALTER TABLE reported_event DISABLE TRIGGER reported_event_append_only;
      UPDATE reported_event SET publisher_team_id = api_product.publisher_team_id
      FROM usage_event
      JOIN subscription ON subscription.id = usage_event.subscription_id
      JOIN api_product ON api_product.id = subscription.api_product_id
      WHERE usage_event.id = reported_event.usage_event_id;
      ALTER TABLE reported_event ENABLE TRIGGER reported_event_append_only;
      ALTER TABLE reported_event
        ALTER COLUMN publisher_team_id SET NOT NULL,
        DROP CONSTRAINT reported_event_pk,
        ADD CONSTRAINT reported_event_pk PRIMARY KEY (organization_id, publisher_team_id, source, id);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE reported_event DROP CONSTRAINT reported_event_pk,
        ADD CONSTRAINT reported_event_pk PRIMARY KEY (organization_id, source, id),
        DROP COLUMN publisher_team_id;
    `);
  }
}
