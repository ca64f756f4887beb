import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invoices that their buyer pays on a page of the payment provider, as no card is saved: no card is charged for them while it is open. */
export class PayOnProviderPages1764201793550 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE checkout (
        invoice_id uuid NOT NULL,
        organization_id uuid NOT NULL,
        -- Where the browser goes afterwards.
        return_url text NOT NULL,
        -- Null until the provider has made the page.
        provider_session_id text,
        url text,
        created_at timestamptz NOT NULL,
        -- When it was seen that nobody can pay there any more, and why.
        ended_at timestamptz,
        outcome text,
        CONSTRAINT checkout_pk PRIMARY KEY (invoice_id),
        CONSTRAINT checkout_session_key UNIQUE (provider_session_id),
        CONSTRAINT checkout_invoice_fk FOREIGN KEY (organization_id, invoice_id) REFERENCES invoice (organization_id, id),
        CONSTRAINT checkout_page_whole CHECK (num_nulls(provider_session_id, url) IN (0, 2)),
        CONSTRAINT checkout_end_whole CHECK (num_nulls(ended_at, outcome) IN (0, 2)),
        -- One that is carried is collected with a later invoice.
        CONSTRAINT checkout_outcome_known CHECK (outcome IN ('paid', 'left', 'carried'))
      );
      CREATE INDEX checkout_open_idx ON checkout (invoice_id) WHERE ended_at IS NULL;
      ALTER TABLE checkout ENABLE ROW LEVEL SECURITY;
      CREATE POLICY checkout_scope ON checkout
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE (provider_session_id, url, ended_at, outcome) ON checkout TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DO $$ BEGIN
        IF EXISTS (SELECT FROM checkout WHERE ended_at IS NULL) THEN
          RAISE EXCEPTION 'somebody may be paying on a page of the provider: without the row a card would be charged as well';
        END IF;
      END $$;
      DROP TABLE checkout;
    `);
  }
}
