import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What operators decide about events that are kept aside: each once, and for good. */
export class DecideAboutQuarantine1764201793650 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE usage_quarantine_decision (
        quarantine_id uuid NOT NULL,
        decision text NOT NULL,
        decided_at timestamptz NOT NULL,
        CONSTRAINT usage_quarantine_decision_pk PRIMARY KEY (quarantine_id),
        CONSTRAINT usage_quarantine_decision_quarantine_fk FOREIGN KEY (quarantine_id) REFERENCES usage_event_quarantine (id),
        CONSTRAINT usage_quarantine_decision_known CHECK (decision IN ('counted', 'dismissed'))
      );
      CREATE TRIGGER usage_quarantine_decision_append_only BEFORE UPDATE OR DELETE ON usage_quarantine_decision
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      GRANT SELECT, INSERT ON usage_quarantine_decision TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE usage_quarantine_decision;`);
  }
}
