import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Dropping an archived day keeps everybody from the ledger for an instant, and not while its events are counted. */
export class CountArchivedDayFirst1764201660001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE OR REPLACE FUNCTION drop_archived_usage_day(wanted date, at timestamptz) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '1s' AS $$
      DECLARE
        archived usage_archive;
        counted bigint;
        hold text;
      BEGIN
        SELECT * INTO archived FROM usage_archive WHERE day = wanted FOR UPDATE;
        IF archived.archived_at IS NULL THEN
          RAISE EXCEPTION 'the usage of % is not archived', wanted USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
        IF archived.dropped_at IS NOT NULL THEN
          RETURN;
        END IF;
        hold := usage_day_hold(wanted);
        IF hold IS NOT NULL THEN
          RAISE EXCEPTION 'the usage of % must stay: %', wanted, hold USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
        -- Others may read the day, and read and write all other days; into this one nobody writes any more.
        EXECUTE format('LOCK TABLE %I IN SHARE MODE', usage_event_partition(wanted));
        EXECUTE format('SELECT count(*) FROM %I', usage_event_partition(wanted)) INTO counted;
        IF counted <> archived.event_count THEN
          RAISE EXCEPTION 'the ledger has % events of % and the archive %', counted, wanted, archived.event_count
            USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
        -- Of the whole, as whoever reads and writes the ledger locks it first. Who waits longer than the time-out tries again later.
        LOCK TABLE usage_event IN ACCESS EXCLUSIVE MODE;
        EXECUTE format('DROP TABLE %I', usage_event_partition(wanted));
        UPDATE usage_archive SET dropped_at = at WHERE day = wanted;
      END $$;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE OR REPLACE FUNCTION drop_archived_usage_day(wanted date, at timestamptz) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '1s' AS $$
      DECLARE
        archived usage_archive;
        counted bigint;
        hold text;
      BEGIN
        SELECT * INTO archived FROM usage_archive WHERE day = wanted FOR UPDATE;
        IF archived.archived_at IS NULL THEN
          RAISE EXCEPTION 'the usage of % is not archived', wanted USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
        IF archived.dropped_at IS NOT NULL THEN
          RETURN;
        END IF;
        hold := usage_day_hold(wanted);
        IF hold IS NOT NULL THEN
          RAISE EXCEPTION 'the usage of % must stay: %', wanted, hold USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
        LOCK TABLE usage_event IN ACCESS EXCLUSIVE MODE;
        EXECUTE format('SELECT count(*) FROM %I', usage_event_partition(wanted)) INTO counted;
        IF counted <> archived.event_count THEN
          RAISE EXCEPTION 'the ledger has % events of % and the archive %', counted, wanted, archived.event_count
            USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
        EXECUTE format('DROP TABLE %I', usage_event_partition(wanted));
        UPDATE usage_archive SET dropped_at = at WHERE day = wanted;
      END $$;
    `);
  }
}
