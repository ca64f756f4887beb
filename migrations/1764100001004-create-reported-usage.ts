import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Usage that no gateway has seen: who may report it, and what was reported. */
export class CreateReportedUsage1764100001004 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE ingest_token (
        id uuid NOT NULL,
        publisher_team_id uuid NOT NULL,
        name text NOT NULL,
        token_id text NOT NULL,
        secret_hash bytea NOT NULL,
        pepper_id text NOT NULL,
        created_at timestamptz NOT NULL,
        last_used_at timestamptz,
        revoked_at timestamptz,
        CONSTRAINT ingest_token_pk PRIMARY KEY (id),
        CONSTRAINT ingest_token_token_id_key UNIQUE (token_id),
        CONSTRAINT ingest_token_publisher_team_fk FOREIGN KEY (publisher_team_id) REFERENCES publisher_team (id)
      );
      GRANT SELECT, INSERT, UPDATE ON ingest_token TO tollgate_app;

      -- What an event is known by, for ever: it may come again with another time, and so in another partition.
      CREATE TABLE reported_event (
        organization_id uuid NOT NULL,
        source text NOT NULL,
        id text NOT NULL,
        -- SHA-256 of all that it says but its time.
        content_hash bytea NOT NULL,
        usage_event_id uuid NOT NULL,
        CONSTRAINT reported_event_pk PRIMARY KEY (organization_id, source, id)
      );
      ALTER TABLE reported_event ENABLE ROW LEVEL SECURITY;
      CREATE POLICY reported_event_scope ON reported_event
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      CREATE TRIGGER reported_event_append_only BEFORE UPDATE OR DELETE ON reported_event
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      GRANT SELECT, INSERT ON reported_event TO tollgate_app;

      -- Reports go into the ledger as segments, numbered without gaps.
      CREATE TABLE report_counter (
        singleton boolean NOT NULL DEFAULT true,
        last_segment bigint NOT NULL,
        CONSTRAINT report_counter_pk PRIMARY KEY (singleton),
        CONSTRAINT report_counter_single CHECK (singleton)
      );
      INSERT INTO report_counter (last_segment) VALUES (0);
      GRANT SELECT, UPDATE ON report_counter TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE report_counter, reported_event, ingest_token`);
  }
}
