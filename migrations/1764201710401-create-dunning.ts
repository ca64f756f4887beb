import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What follows when a payment fails: how far it is for each invoice, its history, the clock that it goes by, and pauses. */
export class CreateDunning1764201710401 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Runs only while Tollgate works and the payment provider answers. One row.
      CREATE TABLE dunning_clock (
        id boolean NOT NULL DEFAULT true,
        running_ms bigint NOT NULL,
        read_at timestamptz NOT NULL,
        -- How far the time machine was ahead then.
        offset_ms bigint NOT NULL,
        CONSTRAINT dunning_clock_pk PRIMARY KEY (id),
        CONSTRAINT dunning_clock_single CHECK (id)
      );
      GRANT SELECT, INSERT, UPDATE ON dunning_clock TO tollgate_app;

      CREATE TABLE dunning_case (
        invoice_id uuid NOT NULL,
        organization_id uuid NOT NULL,
        began_at timestamptz NOT NULL,
        -- On the clock of dunning, and moved on by what does not count.
        start_ms bigint NOT NULL,
        told_attempt integer NOT NULL DEFAULT 0,
        retries_made integer NOT NULL DEFAULT 0,
        warned_at timestamptz,
        suspended_at timestamptz,
        exhausted_at timestamptz,
        ended_at timestamptz,
        -- So long after the start the next step is due; null when there is none.
        next_after_ms bigint,
        CONSTRAINT dunning_case_pk PRIMARY KEY (invoice_id),
        CONSTRAINT dunning_case_invoice_fk FOREIGN KEY (organization_id, invoice_id) REFERENCES invoice (organization_id, id),
        CONSTRAINT dunning_case_counts CHECK (told_attempt >= 0 AND retries_made >= 0)
      );
      CREATE INDEX dunning_case_open_idx ON dunning_case (organization_id) WHERE ended_at IS NULL;
      ALTER TABLE dunning_case ENABLE ROW LEVEL SECURITY;
      CREATE POLICY dunning_case_scope ON dunning_case
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON dunning_case TO tollgate_app;

      CREATE TABLE dunning_step (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        invoice_id uuid NOT NULL,
        kind text NOT NULL,
        at timestamptz NOT NULL,
        attempt integer,
        note text,
        CONSTRAINT dunning_step_pk PRIMARY KEY (id),
        CONSTRAINT dunning_step_invoice_fk FOREIGN KEY (organization_id, invoice_id) REFERENCES invoice (organization_id, id),
        CONSTRAINT dunning_step_kind_known CHECK (kind IN ('began', 'failed', 'retried', 'reminded', 'warned', 'suspended', 'exhausted',
          'paid', 'withdrawn', 'disputed', 'dispute_closed'))
      );
      CREATE INDEX dunning_step_invoice_idx ON dunning_step (invoice_id, id);
      ALTER TABLE dunning_step ENABLE ROW LEVEL SECURITY;
      CREATE POLICY dunning_step_scope ON dunning_step
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON dunning_step TO tollgate_app;

      CREATE TABLE dunning_pause (
        organization_id uuid NOT NULL,
        until timestamptz NOT NULL,
        reason text NOT NULL,
        CONSTRAINT dunning_pause_pk PRIMARY KEY (organization_id),
        CONSTRAINT dunning_pause_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id),
        CONSTRAINT dunning_pause_reason_given CHECK (reason <> '')
      );
      ALTER TABLE dunning_pause ENABLE ROW LEVEL SECURITY;
      CREATE POLICY dunning_pause_scope ON dunning_pause
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE, DELETE ON dunning_pause TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE dunning_pause, dunning_step, dunning_case, dunning_clock');
  }
}
