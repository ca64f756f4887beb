import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an event of the payment provider is about, and how acting on it went, so that people can see and repeat it. */
export class WatchWebhooks1764201710402 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE webhook_inbox
        ADD COLUMN provider_invoice_id text,
        -- After it another card may be charged than before.
        ADD COLUMN changes_card boolean NOT NULL DEFAULT false,
        ADD COLUMN attempts integer NOT NULL DEFAULT 0,
        ADD COLUMN tried_at timestamptz,
        -- Why acting on it failed last; null once it was acted on.
        ADD COLUMN error text;
      UPDATE webhook_inbox SET changes_card = true WHERE type IN ('checkout.session.completed', 'payment_method.attached');
      UPDATE webhook_inbox SET provider_invoice_id = object_id WHERE type LIKE 'invoice.%';
      UPDATE webhook_inbox SET attempts = 1, tried_at = processed_at WHERE processed_at IS NOT NULL;
      CREATE INDEX webhook_inbox_received_idx ON webhook_inbox (received_at, event_id);
      CREATE INDEX webhook_inbox_open_idx ON webhook_inbox (received_at, event_id) WHERE processed_at IS NULL;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX webhook_inbox_open_idx, webhook_inbox_received_idx;
      ALTER TABLE webhook_inbox DROP COLUMN error, DROP COLUMN tried_at, DROP COLUMN attempts, DROP COLUMN changes_card,
        DROP COLUMN provider_invoice_id;
    `);
  }
}
