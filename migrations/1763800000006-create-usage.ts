import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The ledger: usage events, the segments that brought them, rollups; gateways and the quota leased to them. */
export class CreateUsage1763800000006 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- A gateway's last word: its epoch (one per start) and how far its journal is complete.
      CREATE TABLE gateway (
        id text NOT NULL,
        epoch bigint NOT NULL,
        state text NOT NULL,
        started_at timestamptz NOT NULL,
        heartbeat_at timestamptz NOT NULL,
        -- Every request admitted before this instant has ended and is in a segment up to sealed_segment.
        admitted_through timestamptz NOT NULL,
        sealed_segment bigint NOT NULL,
        snapshot_number bigint NOT NULL,
        CONSTRAINT gateway_pk PRIMARY KEY (id),
        CONSTRAINT gateway_state_known CHECK (state IN ('running', 'stopped'))
      );
      GRANT SELECT, INSERT, UPDATE ON gateway TO tollgate_app;

      CREATE TABLE segment_manifest (
        gateway_id text NOT NULL,
        epoch bigint NOT NULL,
        segment bigint NOT NULL,
        event_count integer NOT NULL,
        quantity_sums jsonb NOT NULL,
        -- SHA-256 of the events as the gateway wrote them.
        content_hash bytea NOT NULL,
        -- For each event in order: id (16 bytes), seq (2), the first 14 bytes of the SHA-256 of its canonical row. Each of
        -- them is in usage_event, or in usage_event_quarantine.
        digests bytea NOT NULL,
        -- SHA-256 over all of the above: a changed manifest shows.
        seal bytea NOT NULL,
        attempt integer NOT NULL,
        acknowledged_at timestamptz NOT NULL,
        CONSTRAINT segment_manifest_pk PRIMARY KEY (gateway_id, epoch, segment),
        CONSTRAINT segment_manifest_number_from_one CHECK (segment >= 1),
        CONSTRAINT segment_manifest_digest_length CHECK (octet_length(digests) = event_count * 32)
      );
      CREATE INDEX segment_manifest_acknowledged_idx ON segment_manifest (gateway_id, acknowledged_at);
      CREATE TRIGGER segment_manifest_append_only BEFORE UPDATE OR DELETE ON segment_manifest
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      GRANT SELECT, INSERT ON segment_manifest TO tollgate_app;

      CREATE TABLE usage_event (
        id uuid NOT NULL,
        seq integer NOT NULL,
        ended_at timestamptz NOT NULL,
        gateway_id text NOT NULL,
        gateway_epoch bigint NOT NULL,
        segment bigint NOT NULL,
        mode text NOT NULL,
        organization_id uuid NOT NULL,
        application_id uuid NOT NULL,
        credential_id uuid NOT NULL,
        subscription_id uuid,
        phase_id uuid,
        plan_version_id uuid,
        period_start timestamptz,
        -- The period that bills it: its own, or the next open one when it came after its own was closed.
        settles_in timestamptz,
        api_product_id uuid NOT NULL,
        api_version_id uuid NOT NULL,
        operation text NOT NULL,
        method text NOT NULL,
        status smallint NOT NULL,
        outcome text NOT NULL,
        reason text NOT NULL,
        attempts smallint NOT NULL,
        bytes_in bigint NOT NULL,
        bytes_out bigint NOT NULL,
        quantities jsonb NOT NULL,
        billable boolean NOT NULL,
        counts_to_quota boolean NOT NULL,
        CONSTRAINT usage_event_pk PRIMARY KEY (id, seq),
        CONSTRAINT usage_event_mode_known CHECK (mode IN ('live', 'test')),
        CONSTRAINT usage_event_test_never_billed CHECK (mode = 'live' OR (NOT billable AND subscription_id IS NULL)),
        CONSTRAINT usage_event_subscription_whole CHECK (
          num_nulls(subscription_id, phase_id, plan_version_id, period_start, settles_in) IN (0, 5))
      ) PARTITION BY RANGE (id);
      CREATE INDEX usage_event_subscription_idx ON usage_event (subscription_id, period_start, id);
      CREATE INDEX usage_event_organization_idx ON usage_event (organization_id, id DESC);
      CREATE INDEX usage_event_credential_idx ON usage_event (credential_id, id DESC);
      CREATE INDEX usage_event_segment_idx ON usage_event (gateway_id, gateway_epoch, segment);
      CREATE TRIGGER usage_event_append_only BEFORE UPDATE OR DELETE ON usage_event
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      ALTER TABLE usage_event ENABLE ROW LEVEL SECURITY;
      CREATE POLICY usage_event_scope ON usage_event
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON usage_event TO tollgate_app;

      -- The application may not create tables, so the owner makes the partitions for it: one a UTC day, bounded by the day's lowest UUIDv7.
      CREATE FUNCTION lowest_uuid_v7(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
        SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
      $$;
      CREATE FUNCTION ensure_usage_event_partitions(first_day date, last_day date) RETURNS void
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
      REVOKE ALL ON FUNCTION ensure_usage_event_partitions(date, date) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION ensure_usage_event_partitions(date, date) TO tollgate_app;

      -- Events that cannot be counted and must not be lost: another content under a known id, a time in the future.
      CREATE TABLE usage_event_quarantine (
        id uuid NOT NULL,
        event_id uuid NOT NULL,
        seq integer NOT NULL,
        reason text NOT NULL,
        gateway_id text NOT NULL,
        gateway_epoch bigint NOT NULL,
        segment bigint NOT NULL,
        event jsonb NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT usage_event_quarantine_pk PRIMARY KEY (id)
      );
      CREATE INDEX usage_event_quarantine_segment_idx ON usage_event_quarantine (gateway_id, gateway_epoch, segment);
      CREATE TRIGGER usage_event_quarantine_append_only BEFORE UPDATE OR DELETE ON usage_event_quarantine
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      GRANT SELECT, INSERT ON usage_event_quarantine TO tollgate_app;

      CREATE TABLE usage_rollup (
        organization_id uuid NOT NULL,
        application_id uuid NOT NULL,
        credential_id uuid NOT NULL,
        subscription_id uuid,
        phase_id uuid,
        plan_version_id uuid,
        mode text NOT NULL,
        period_start timestamptz,
        settles_in timestamptz,
        api_product_id uuid NOT NULL,
        api_version_id uuid NOT NULL,
        operation text NOT NULL,
        meter text NOT NULL,
        bucket_at timestamptz NOT NULL,
        status_class smallint NOT NULL,
        billable boolean NOT NULL,
        counts_to_quota boolean NOT NULL,
        event_count bigint NOT NULL,
        quantity_sum numeric(38, 12) NOT NULL,
        CONSTRAINT usage_rollup_key UNIQUE NULLS NOT DISTINCT (subscription_id, settles_in, period_start, meter, bucket_at,
          credential_id, api_product_id, api_version_id, operation, status_class, billable, counts_to_quota, mode, phase_id),
        CONSTRAINT usage_rollup_mode_known CHECK (mode IN ('live', 'test')),
        CONSTRAINT usage_rollup_test_never_billed CHECK (mode = 'live' OR (NOT billable AND subscription_id IS NULL)),
        CONSTRAINT usage_rollup_subscription_whole CHECK (
          num_nulls(subscription_id, phase_id, plan_version_id, period_start, settles_in) IN (0, 5)),
        CONSTRAINT usage_rollup_bucket_quarter CHECK (extract(epoch FROM bucket_at)::bigint % 900 = 0),
        CONSTRAINT usage_rollup_count_positive CHECK (event_count > 0 AND quantity_sum >= 0),
        CONSTRAINT usage_rollup_period_fk FOREIGN KEY (subscription_id, settles_in, mode)
          REFERENCES billing_period (subscription_id, starts_at, mode)
      );
      CREATE INDEX usage_rollup_organization_idx ON usage_rollup (organization_id, bucket_at);
      CREATE INDEX usage_rollup_credential_idx ON usage_rollup (credential_id, bucket_at);
      CREATE TRIGGER usage_rollup_never_deleted BEFORE DELETE ON usage_rollup FOR EACH ROW EXECUTE FUNCTION refuse_change();
      -- Once a statement and not once a row: a segment touches thousands of rows of a few periods.
      CREATE FUNCTION refuse_rollup_of_closed_period() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE closed record;
      BEGIN
        SELECT period.subscription_id, period.starts_at INTO closed
          FROM (SELECT DISTINCT subscription_id, settles_in FROM changed WHERE subscription_id IS NOT NULL) AS touched
          JOIN billing_period AS period ON period.subscription_id = touched.subscription_id
            AND period.starts_at = touched.settles_in AND period.state = 'closed'
          LIMIT 1;
        IF FOUND THEN
          RAISE EXCEPTION 'the period of % from % is closed', closed.subscription_id, closed.starts_at
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER usage_rollup_insert_closed AFTER INSERT ON usage_rollup REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_rollup_of_closed_period();
      -- Moving usage out of a closed period is refused as well.
      CREATE TRIGGER usage_rollup_update_closed AFTER UPDATE ON usage_rollup REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_rollup_of_closed_period();
      CREATE TRIGGER usage_rollup_leave_closed AFTER UPDATE ON usage_rollup REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_rollup_of_closed_period();
      ALTER TABLE usage_rollup ENABLE ROW LEVEL SECURITY;
      CREATE POLICY usage_rollup_scope ON usage_rollup
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON usage_rollup TO tollgate_app;

      -- Units of a hard quota lent to a gateway: spent from its memory, settled when its journal is acknowledged.
      CREATE TABLE quota_lease (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        subscription_id uuid NOT NULL,
        meter text NOT NULL,
        period_start timestamptz NOT NULL,
        gateway_id text NOT NULL,
        gateway_epoch bigint NOT NULL,
        granted bigint NOT NULL,
        used bigint,
        created_at timestamptz NOT NULL,
        settled_at timestamptz,
        CONSTRAINT quota_lease_pk PRIMARY KEY (id),
        CONSTRAINT quota_lease_subscription_fk FOREIGN KEY (organization_id, subscription_id)
          REFERENCES subscription (organization_id, id),
        CONSTRAINT quota_lease_granted_positive CHECK (granted > 0),
        CONSTRAINT quota_lease_used_set CHECK ((used IS NULL) = (settled_at IS NULL)),
        CONSTRAINT quota_lease_used_not_negative CHECK (used >= 0)
      );
      CREATE INDEX quota_lease_quota_idx ON quota_lease (subscription_id, meter, period_start);
      CREATE INDEX quota_lease_open_idx ON quota_lease (gateway_id, gateway_epoch) WHERE settled_at IS NULL;
      ALTER TABLE quota_lease ENABLE ROW LEVEL SECURITY;
      CREATE POLICY quota_lease_scope ON quota_lease
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON quota_lease TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE quota_lease, usage_rollup, usage_event_quarantine, usage_event, segment_manifest, gateway;
      DROP FUNCTION refuse_rollup_of_closed_period(), ensure_usage_event_partitions(date, date), lowest_uuid_v7(timestamptz);
    `);
  }
}
