import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many different values there are, kept beside them, as counting a million takes seconds. */
export class CountDistinctValues1764201690002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- A value is looked up whatever phase it is of and whether it is billed.
      ALTER TABLE usage_distinct_value DROP CONSTRAINT usage_distinct_value_pk,
        ADD CONSTRAINT usage_distinct_value_pk
          PRIMARY KEY (subscription_id, period_start, meter, value_hash, phase_id, billable);

      CREATE TABLE usage_distinct_count (
        organization_id uuid NOT NULL,
        subscription_id uuid NOT NULL,
        period_start timestamptz NOT NULL,
        meter text NOT NULL,
        -- One value counts once, in however many phases it is.
        value_count bigint NOT NULL,
        billable_count bigint NOT NULL,
        CONSTRAINT usage_distinct_count_pk PRIMARY KEY (subscription_id, period_start, meter),
        CONSTRAINT usage_distinct_count_ordered CHECK (billable_count BETWEEN 0 AND value_count)
      );
      ALTER TABLE usage_distinct_count ENABLE ROW LEVEL SECURITY;
      CREATE POLICY usage_distinct_count_scope ON usage_distinct_count
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      -- Only to read: it is written with the values.
      GRANT SELECT ON usage_distinct_count TO tollgate_app;

      -- The billable ones, by the phase and the period that bill them.
      CREATE TABLE usage_settled_value_count (
        organization_id uuid NOT NULL,
        subscription_id uuid NOT NULL,
        period_start timestamptz NOT NULL,
        settles_in timestamptz NOT NULL,
        meter text NOT NULL,
        phase_id uuid NOT NULL,
        value_count bigint NOT NULL,
        CONSTRAINT usage_settled_value_count_pk PRIMARY KEY (subscription_id, period_start, settles_in, meter, phase_id),
        CONSTRAINT usage_settled_value_count_positive CHECK (value_count > 0)
      );
      ALTER TABLE usage_settled_value_count ENABLE ROW LEVEL SECURITY;
      CREATE POLICY usage_settled_value_count_scope ON usage_settled_value_count
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT ON usage_settled_value_count TO tollgate_app;

      INSERT INTO usage_distinct_count
        SELECT (array_agg(organization_id))[1], subscription_id, period_start, meter, count(DISTINCT value_hash),
          count(DISTINCT value_hash) FILTER (WHERE billable)
        FROM usage_distinct_value GROUP BY subscription_id, period_start, meter;
      INSERT INTO usage_settled_value_count
        SELECT (array_agg(organization_id))[1], subscription_id, period_start, settles_in, meter, phase_id, count(*)
        FROM usage_distinct_value WHERE billable GROUP BY subscription_id, period_start, settles_in, meter, phase_id;

      CREATE FUNCTION count_distinct_values() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        -- Whoever adds values of a meter waits here, in the order of the keys, for who does so already: what comes below
        -- is a new statement, which sees what that one has added.
        INSERT INTO usage_distinct_count AS counted
          SELECT DISTINCT ON (subscription_id, period_start, meter)
            organization_id, subscription_id, period_start, meter, 0, 0
          FROM added ORDER BY subscription_id, period_start, meter
          ON CONFLICT ON CONSTRAINT usage_distinct_count_pk DO UPDATE SET value_count = counted.value_count;
        -- A value is new when there are no more rows of it than were added now.
        UPDATE usage_distinct_count AS counted
          SET value_count = counted.value_count + fresh.value_count,
            billable_count = counted.billable_count + fresh.billable_count
          FROM (
            SELECT one.subscription_id, one.period_start, one.meter,
              count(*) FILTER (WHERE present.rows = one.rows) AS value_count,
              count(*) FILTER (WHERE one.billable_rows > 0 AND present.billable_rows = one.billable_rows) AS billable_count
            FROM (
              SELECT subscription_id, period_start, meter, value_hash, count(*) AS rows,
                count(*) FILTER (WHERE billable) AS billable_rows
              FROM added GROUP BY subscription_id, period_start, meter, value_hash
            ) AS one CROSS JOIN LATERAL (
              SELECT count(*) AS rows, count(*) FILTER (WHERE value.billable) AS billable_rows
              FROM usage_distinct_value AS value
              WHERE value.subscription_id = one.subscription_id AND value.period_start = one.period_start
                AND value.meter = one.meter AND value.value_hash = one.value_hash
            ) AS present
            GROUP BY one.subscription_id, one.period_start, one.meter
          ) AS fresh
          WHERE counted.subscription_id = fresh.subscription_id AND counted.period_start = fresh.period_start
            AND counted.meter = fresh.meter;
        INSERT INTO usage_settled_value_count AS counted
          SELECT (array_agg(organization_id))[1], subscription_id, period_start, settles_in, meter, phase_id, count(*)
          FROM added WHERE billable
          GROUP BY subscription_id, period_start, settles_in, meter, phase_id
          ORDER BY subscription_id, period_start, settles_in, meter, phase_id
          ON CONFLICT ON CONSTRAINT usage_settled_value_count_pk
            DO UPDATE SET value_count = counted.value_count + excluded.value_count;
        RETURN NULL;
      END $$;
      REVOKE ALL ON FUNCTION count_distinct_values() FROM PUBLIC;
      CREATE TRIGGER usage_distinct_value_counted AFTER INSERT ON usage_distinct_value REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION count_distinct_values();
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TRIGGER usage_distinct_value_counted ON usage_distinct_value;
      DROP FUNCTION count_distinct_values();
      DROP TABLE usage_settled_value_count, usage_distinct_count;
      ALTER TABLE usage_distinct_value DROP CONSTRAINT usage_distinct_value_pk,
        ADD CONSTRAINT usage_distinct_value_pk
          PRIMARY KEY (subscription_id, period_start, meter, phase_id, billable, value_hash);
    `);
  }
}
