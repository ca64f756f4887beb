import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A refund that somebody made in the provider's own pages is of all invoices that its charge has paid: each has its part, and a credit
 * note of its own records it.
 */
export class SpreadFoundRefunds1764201793101 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE refund_proposal DROP CONSTRAINT refund_proposal_found_fk;
      ALTER TABLE found_refund
        DROP CONSTRAINT found_refund_pk,
        ADD CONSTRAINT found_refund_pk PRIMARY KEY (provider_refund_id, invoice_id);
      ALTER TABLE refund_proposal ADD CONSTRAINT refund_proposal_found_fk
        FOREIGN KEY (provider_refund_id, invoice_id) REFERENCES found_refund (provider_refund_id, invoice_id);
      ALTER TABLE refund
        DROP CONSTRAINT refund_provider_refund_key,
        ADD CONSTRAINT refund_provider_refund_key UNIQUE (provider_refund_id, invoice_id);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE refund
        DROP CONSTRAINT refund_provider_refund_key,
        ADD CONSTRAINT refund_provider_refund_key UNIQUE (provider_refund_id);
      ALTER TABLE refund_proposal DROP CONSTRAINT refund_proposal_found_fk;
      ALTER TABLE found_refund
        DROP CONSTRAINT found_refund_pk,
        ADD CONSTRAINT found_refund_pk PRIMARY KEY (provider_refund_id);
      ALTER TABLE refund_proposal ADD CONSTRAINT refund_proposal_found_fk
        FOREIGN KEY (provider_refund_id) REFERENCES found_refund (provider_refund_id);
    `);
  }
}
