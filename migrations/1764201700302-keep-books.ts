import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How finance calls the accounts of journal entries in its own chart; those that it has not named have our own numbers. And
 * a way to the entries of the audit log that say when an invoice was given up or made void.
 */
export class KeepBooks1764201700302 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE account_number (
        account text NOT NULL,
        -- "product/plan" for what is of one plan only; empty for the rest.
        plan text NOT NULL,
        number text NOT NULL,
        name text NOT NULL,
        CONSTRAINT account_number_pk PRIMARY KEY (account, plan),
        CONSTRAINT account_number_given CHECK (number <> '' AND name <> ''),
        CONSTRAINT account_number_plan_form CHECK (plan = '' OR plan ~ '^[^/]+/[^/]+$')
      );
      GRANT SELECT, INSERT, UPDATE, DELETE ON account_number TO tollgate_app;
      CREATE INDEX audit_log_invoice_end_idx ON audit_log (noun_id)
        WHERE noun = 'invoice' AND action IN ('uncollectible', 'void');
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX audit_log_invoice_end_idx;
      DROP TABLE account_number;
    `);
  }
}
