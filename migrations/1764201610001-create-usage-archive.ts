import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Days of the ledger that are kept as files, and how a partition comes to be dropped. */
export class CreateUsageArchive1764201610001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- From its row on the ledger takes no event of the day, nor of one before it.
      CREATE TABLE usage_archive (
        day date NOT NULL,
        sealed_at timestamptz NOT NULL,
        event_count bigint NOT NULL,
        -- What follows is set when the file is written, all of it; until the partition is dropped it may be written anew.
        file text,
        sha256 bytea,
        bytes bigint,
        -- SHA-256 of the rows as they were before compression.
        content_sha256 bytea,
        -- The columns of the file, in order.
        columns text[],
        -- Of each compressed block: organization and id of its first row, offset, bytes.
        blocks jsonb,
        -- Exact decimals per meter, of all events.
        quantity_sums jsonb,
        archived_at timestamptz,
        dropped_at timestamptz,
        CONSTRAINT usage_archive_pk PRIMARY KEY (day),
        CONSTRAINT usage_archive_count_not_negative CHECK (event_count >= 0),
        CONSTRAINT usage_archive_file_whole CHECK (
          num_nulls(file, sha256, bytes, content_sha256, columns, blocks, quantity_sums, archived_at) IN (0, 8)),
        CONSTRAINT usage_archive_dropped_after CHECK (dropped_at IS NULL OR archived_at IS NOT NULL)
      );
      CREATE FUNCTION refuse_change_of_dropped_day() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' OR OLD.dropped_at IS NOT NULL THEN
          RAISE EXCEPTION 'the usage of % is only in the archive; its row must stay as it is', OLD.day
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER usage_archive_dropped_stays BEFORE UPDATE OR DELETE ON usage_archive
        FOR EACH ROW EXECUTE FUNCTION refuse_change_of_dropped_day();
      GRANT SELECT ON usage_archive TO tollgate_app;
      GRANT INSERT (day, sealed_at, event_count) ON usage_archive TO tollgate_app;
      -- Not dropped_at: that is the owner's, who drops the partition.
      GRANT UPDATE (file, sha256, bytes, content_sha256, columns, blocks, quantity_sums, archived_at)
        ON usage_archive TO tollgate_app;

      -- Of which organizations an archived day has events: where the request log has to look.
      CREATE TABLE usage_archive_organization (
        organization_id uuid NOT NULL,
        day date NOT NULL,
        event_count bigint NOT NULL,
        CONSTRAINT usage_archive_organization_pk PRIMARY KEY (organization_id, day),
        CONSTRAINT usage_archive_organization_day_fk FOREIGN KEY (day) REFERENCES usage_archive (day),
        CONSTRAINT usage_archive_organization_count_positive CHECK (event_count > 0)
      );
      CREATE INDEX usage_archive_organization_day_idx ON usage_archive_organization (day);
      CREATE TRIGGER usage_archive_organization_append_only BEFORE UPDATE OR DELETE ON usage_archive_organization
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      ALTER TABLE usage_archive_organization ENABLE ROW LEVEL SECURITY;
      CREATE POLICY usage_archive_organization_scope ON usage_archive_organization
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON usage_archive_organization TO tollgate_app;

      CREATE FUNCTION usage_event_partition(day date) RETURNS text LANGUAGE sql IMMUTABLE
        AS $$ SELECT 'usage_event_' || to_char(day, 'YYYYMMDD') $$;

      -- Why the partition of a day must stay, in words; null when nothing speaks against dropping it.
      CREATE FUNCTION usage_day_hold(wanted date) RETURNS text
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        day_start timestamptz := wanted::timestamp AT TIME ZONE 'UTC';
        day_end timestamptz := (wanted + 1)::timestamp AT TIME ZONE 'UTC';
        blocking record;
      BEGIN
        WITH used AS (
          SELECT DISTINCT subscription_id, period_start, settles_in FROM usage_event
          WHERE id >= lowest_uuid_v7(day_start) AND id < lowest_uuid_v7(day_end) AND subscription_id IS NOT NULL
        )
        SELECT period.subscription_id, period.starts_at INTO blocking FROM billing_period AS period
          WHERE period.state <> 'closed' AND (period.starts_at < day_end AND period.ends_at > day_start
            OR EXISTS (SELECT FROM used WHERE used.subscription_id = period.subscription_id
              AND period.starts_at IN (used.period_start, used.settles_in)))
          ORDER BY 2, 1 LIMIT 1;
        IF FOUND THEN
          RETURN format('the period of subscription %s from %s is not closed', blocking.subscription_id,
            to_char(blocking.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'));
        END IF;
        WITH used AS (
          SELECT DISTINCT subscription_id, period_start FROM usage_event
          WHERE id >= lowest_uuid_v7(day_start) AND id < lowest_uuid_v7(day_end) AND subscription_id IS NOT NULL
        ), open_lease AS (
          SELECT subscription_id, period_start, gateway_id FROM quota_lease WHERE settled_at IS NULL
          UNION ALL
          SELECT subscription_id, period_start, gateway_id FROM money_lease WHERE settled_at IS NULL
        )
        SELECT open_lease.gateway_id, open_lease.subscription_id INTO blocking FROM open_lease JOIN used USING (subscription_id, period_start)
          ORDER BY 1, 2 LIMIT 1;
        IF FOUND THEN
          RETURN format('gateway %s holds a lease of subscription %s that is not settled', blocking.gateway_id, blocking.subscription_id);
        END IF;
        RETURN NULL;
      END $$;
      REVOKE ALL ON FUNCTION usage_day_hold(date) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION usage_day_hold(date) TO tollgate_app;

      -- The only way in which usage leaves the ledger: sealed, written to a file that was read back, nothing open.
      CREATE FUNCTION drop_archived_usage_day(wanted date, at timestamptz) RETURNS void
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
        -- First the whole, as whoever reads and writes the ledger does. Who waits longer than the time-out tries again later.
        LOCK TABLE usage_event IN ACCESS EXCLUSIVE MODE;
        EXECUTE format('SELECT count(*) FROM %I', usage_event_partition(wanted)) INTO counted;
        IF counted <> archived.event_count THEN
          RAISE EXCEPTION 'the ledger has % events of % and the archive %', counted, wanted, archived.event_count
            USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
        EXECUTE format('DROP TABLE %I', usage_event_partition(wanted));
        UPDATE usage_archive SET dropped_at = at WHERE day = wanted;
      END $$;
      REVOKE ALL ON FUNCTION drop_archived_usage_day(date, timestamptz) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION drop_archived_usage_day(date, timestamptz) TO tollgate_app;

      -- As before, but it makes none of days that the ledger does not take any more.
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
            END IF;
          END IF;
          day := day + 1;
        END LOOP;
      END $$;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DO $$ BEGIN
        IF EXISTS (SELECT FROM usage_archive WHERE dropped_at IS NOT NULL) THEN
          RAISE EXCEPTION 'days of the ledger are only in the archive; restore them before its table goes';
        END IF;
      END $$;
      CREATE OR REPLACE FUNCTION ensure_usage_event_partitions(first_day date, last_day date) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        day date := first_day;
        partition_name text;
      BEGIN
        IF last_day - first_day > 92 THEN
          RAISE EXCEPTION 'at most 92 days of partitions at a time, not % to %', first_day, last_day;
        END IF;
        WHILE day <= last_day LOOP
          partition_name := 'usage_event_' || to_char(day, 'YYYYMMDD');
          IF to_regclass(partition_name) IS NULL THEN
            PERFORM pg_advisory_xact_lock(hashtext('usage_event_partitions'));
            IF NOT EXISTS (SELECT FROM pg_class WHERE relname = partition_name AND relnamespace = 'public'::regnamespace) THEN
              EXECUTE format('CREATE TABLE %I (LIKE usage_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition_name);
              EXECUTE format('ALTER TABLE usage_event ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', partition_name,
                lowest_uuid_v7(day::timestamp AT TIME ZONE 'UTC'), lowest_uuid_v7((day + 1)::timestamp AT TIME ZONE 'UTC'));
            END IF;
          END IF;
          day := day + 1;
        END LOOP;
      END $$;
      DROP FUNCTION drop_archived_usage_day(date, timestamptz), usage_day_hold(date), usage_event_partition(date);
      DROP TABLE usage_archive_organization, usage_archive;
      DROP FUNCTION refuse_change_of_dropped_day();
    `);
  }
}
