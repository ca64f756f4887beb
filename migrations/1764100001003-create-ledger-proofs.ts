import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What came of proving days of the ledger, one row for each day proven. */
export class CreateLedgerProofs1764100001003 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE ledger_proof (
        -- The UTC day whose usage was proven.
        day date NOT NULL,
        -- Why: the day that has just ended, or an earlier one as a sample.
        kind text NOT NULL,
        started_at timestamptz NOT NULL,
        ended_at timestamptz,
        ok boolean,
        checks jsonb,
        CONSTRAINT ledger_proof_pk PRIMARY KEY (started_at, day),
        CONSTRAINT ledger_proof_kind_known CHECK (kind IN ('daily', 'sample')),
        CONSTRAINT ledger_proof_ended_whole CHECK (num_nulls(ended_at, ok, checks) IN (0, 3))
      );
      CREATE UNIQUE INDEX ledger_proof_daily_once ON ledger_proof (day) WHERE kind = 'daily';
      GRANT SELECT, INSERT, UPDATE ON ledger_proof TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE ledger_proof`);
  }
}
