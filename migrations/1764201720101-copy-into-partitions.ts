import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The worker copies new events straight into the partition of their day instead of inserting them from a staging table.
 * COPY is refused where policies of rows hold, and those are on the whole table only; in their place a trigger lets nobody
 * add events to a partition but in the scope of the system. Whoever has a grant on a partition can read nothing.
 */
export class CopyIntoPartitions1764201720101 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE FUNCTION refuse_outside_of_system() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NOT scope_is_system() THEN
          RAISE EXCEPTION 'rows of % are added by the system only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NULL;
      END $$;

      -- What a partition needs to be copied into.
      CREATE FUNCTION open_usage_event_partition(partition_name text) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        EXECUTE format('CREATE TRIGGER usage_event_system_only BEFORE INSERT ON %I
          FOR EACH STATEMENT EXECUTE FUNCTION refuse_outside_of_system()', partition_name);
        EXECUTE format('GRANT INSERT ON %I TO tollgate_app', partition_name);
      END $$;
      REVOKE ALL ON FUNCTION open_usage_event_partition(text) FROM PUBLIC;

      SELECT open_usage_event_partition(inhrelid::regclass::text) FROM pg_inherits WHERE inhparent = 'usage_event'::regclass;
      ${ensurePartitions('PERFORM open_usage_event_partition(partition_name);')}
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ${ensurePartitions('')}
      DO $$
      DECLARE
        partition regclass;
      BEGIN
        FOR partition IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'usage_event'::regclass LOOP
          EXECUTE format('REVOKE INSERT ON %s FROM tollgate_app', partition);
          EXECUTE format('DROP TRIGGER usage_event_system_only ON %s', partition);
        END LOOP;
      END $$;
      DROP FUNCTION open_usage_event_partition(text);
      DROP FUNCTION refuse_outside_of_system();
    `);
  }
}

/** The function that makes the partitions of days that the ledger still takes, and what else it does with a new one. */
const ensurePartitions = (afterwards: string) => `
  CREATE OR REPLACE FUNCTION ensure_usage_event_partitions(first_day date, last_day date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    day date := greatest(first_day, (SELECT max(usage_archive.day) + 1 FROM usage_archive));
    partition_name text;
  BEGIN
    IF last_day - first_day > 92 THEN
      RAISE EXCEPTION 'at most 92 days of partitions at a time, not % to %', first_day, last_day;
    END IF;
    WHILE day <= last_day LOOP
      partition_name := usage_event_partition(day);
      IF to_regclass(partition_name) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('usage_event_partitions'));
        -- Somebody may have made it while we waited for the lock; to_regclass would not see that.
        IF NOT EXISTS (SELECT FROM pg_class WHERE relname = partition_name AND relnamespace = 'public'::regnamespace) THEN
          -- Made apart and then attached: unlike CREATE TABLE … PARTITION OF, that keeps nobody from the ledger.
          EXECUTE format('CREATE TABLE %I (LIKE usage_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition_name);
          EXECUTE format('ALTER TABLE usage_event ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', partition_name,
            lowest_uuid_v7(day::timestamp AT TIME ZONE 'UTC'), lowest_uuid_v7((day + 1)::timestamp AT TIME ZONE 'UTC'));
          ${afterwards}
        END IF;
      END IF;
      day := day + 1;
    END LOOP;
  END $$;`;
