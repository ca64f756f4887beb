import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Meters that count events, the highest, the last or different values; and the values that are counted once. */
export class CreateDistinctValues1764201640001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE meter DROP CONSTRAINT meter_aggregation_known,
        ADD COLUMN distinct_value jsonb,
        ADD CONSTRAINT meter_aggregation_known CHECK (aggregation IN ('sum', 'count', 'max', 'last', 'unique')),
        ADD CONSTRAINT meter_distinct_value_set CHECK ((aggregation = 'unique') = (distinct_value IS NOT NULL));
      -- By meter the hashes of the values that the event adds.
      ALTER TABLE usage_event ADD COLUMN distinct_values jsonb;

      CREATE TABLE usage_distinct_value (
        organization_id uuid NOT NULL,
        subscription_id uuid NOT NULL,
        phase_id uuid NOT NULL,
        mode text NOT NULL DEFAULT 'live',
        period_start timestamptz NOT NULL,
        -- The period that bills it: that of the first event that named it.
        settles_in timestamptz NOT NULL,
        meter text NOT NULL,
        billable boolean NOT NULL,
        value_hash bytea NOT NULL,
        -- The event that brought it.
        event_id uuid NOT NULL,
        event_seq integer NOT NULL,
        CONSTRAINT usage_distinct_value_pk PRIMARY KEY (subscription_id, period_start, meter, phase_id, billable, value_hash),
        CONSTRAINT usage_distinct_value_live CHECK (mode = 'live'),
        CONSTRAINT usage_distinct_value_length CHECK (octet_length(value_hash) = 16),
        CONSTRAINT usage_distinct_value_period_fk FOREIGN KEY (subscription_id, settles_in, mode)
          REFERENCES billing_period (subscription_id, starts_at, mode)
      );
      CREATE INDEX usage_distinct_value_event_idx ON usage_distinct_value (event_id);
      CREATE TRIGGER usage_distinct_value_append_only BEFORE UPDATE OR DELETE ON usage_distinct_value
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER usage_distinct_value_insert_closed AFTER INSERT ON usage_distinct_value REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_rollup_of_closed_period();
      ALTER TABLE usage_distinct_value ENABLE ROW LEVEL SECURITY;
      CREATE POLICY usage_distinct_value_scope ON usage_distinct_value
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON usage_distinct_value TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE usage_distinct_value;
      ALTER TABLE usage_event DROP COLUMN distinct_values;
      ALTER TABLE meter DROP CONSTRAINT meter_distinct_value_set, DROP CONSTRAINT meter_aggregation_known,
        DROP COLUMN distinct_value,
        ADD CONSTRAINT meter_aggregation_known CHECK (aggregation IN ('sum'));
    `);
  }
}
