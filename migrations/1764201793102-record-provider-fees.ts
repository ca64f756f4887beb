import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the payment provider takes for payments, refunds and disputes, and gives back of it, for the books. */
export class RecordProviderFees1764201793102 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE provider_fee (
        provider_transaction_id text NOT NULL,
        organization_id uuid NOT NULL,
        invoice_id uuid NOT NULL,
        payment_id uuid NOT NULL,
        kind text NOT NULL,
        -- In which the provider settles.
        currency text NOT NULL,
        amount_minor bigint NOT NULL,
        charged_at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        CONSTRAINT provider_fee_pk PRIMARY KEY (provider_transaction_id),
        CONSTRAINT provider_fee_invoice_fk FOREIGN KEY (organization_id, invoice_id) REFERENCES invoice (organization_id, id),
        CONSTRAINT provider_fee_payment_fk FOREIGN KEY (organization_id, payment_id) REFERENCES payment (organization_id, id),
        CONSTRAINT provider_fee_kind_known CHECK (kind IN ('payment', 'refund', 'dispute')),
        CONSTRAINT provider_fee_over_money CHECK (amount_minor <> 0)
      );
      CREATE INDEX provider_fee_payment_idx ON provider_fee (payment_id);
      CREATE INDEX provider_fee_charged_idx ON provider_fee (charged_at);
      ALTER TABLE provider_fee ENABLE ROW LEVEL SECURITY;
      CREATE POLICY provider_fee_scope ON provider_fee
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON provider_fee TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE provider_fee;`);
  }
}
