import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Refunds that somebody made in the provider's own pages. The money has gone; finance records one by the credit note that belongs to
 * it, when one person proposes it and another approves, and then it is a refund as any other.
 */
export class CreateFoundRefunds1764201722003 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE found_refund (
        provider_refund_id text NOT NULL,
        organization_id uuid NOT NULL,
        invoice_id uuid NOT NULL,
        payment_id uuid NOT NULL,
        currency text NOT NULL,
        amount_minor bigint NOT NULL,
        state text NOT NULL,
        found_at timestamptz NOT NULL,
        CONSTRAINT found_refund_pk PRIMARY KEY (provider_refund_id),
        CONSTRAINT found_refund_invoice_fk FOREIGN KEY (organization_id, invoice_id) REFERENCES invoice (organization_id, id),
        CONSTRAINT found_refund_payment_fk FOREIGN KEY (organization_id, payment_id) REFERENCES payment (organization_id, id),
        CONSTRAINT found_refund_over_money CHECK (amount_minor > 0),
        CONSTRAINT found_refund_state_known CHECK (state IN ('pending', 'succeeded', 'failed'))
      );
      CREATE INDEX found_refund_payment_idx ON found_refund (payment_id);
      ALTER TABLE found_refund ENABLE ROW LEVEL SECURITY;
      CREATE POLICY found_refund_scope ON found_refund
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON found_refund TO tollgate_app;
      ALTER TABLE refund_proposal
        -- The refund that is there already, which the proposal records; null for one that is to be made.
        ADD COLUMN provider_refund_id text,
        ADD CONSTRAINT refund_proposal_found_fk FOREIGN KEY (provider_refund_id) REFERENCES found_refund (provider_refund_id);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE refund_proposal DROP COLUMN provider_refund_id;
      DROP TABLE found_refund;
    `);
  }
}
