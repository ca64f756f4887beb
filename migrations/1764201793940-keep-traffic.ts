import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How long calls took and which subset answered, beside the ledger: kept for a month, billed by nobody. */
export class KeepTraffic1764201793940 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Calls that ended in a minute at one start of a gateway; later, in a quarter of an hour or an hour at all of them: then the gateway is
      -- empty, its epoch 0.
      -- No reference to the API version: what is only looked at must not hold up who writes it.
      CREATE TABLE traffic_span (
        api_version_id uuid NOT NULL,
        starts_at timestamptz NOT NULL,
        seconds smallint NOT NULL,
        operation text NOT NULL,
        subset text NOT NULL,
        mode text NOT NULL,
        status_class smallint NOT NULL,
        gateway_id text NOT NULL,
        epoch bigint NOT NULL,
        calls bigint NOT NULL,
        -- Histograms of milliseconds: the buckets that have calls, and how many each has.
        total_buckets smallint[] NOT NULL,
        total_counts bigint[] NOT NULL,
        upstream_buckets smallint[] NOT NULL,
        upstream_counts bigint[] NOT NULL,
        CONSTRAINT traffic_span_pk PRIMARY KEY (api_version_id, starts_at, seconds, operation, subset, mode, status_class, gateway_id, epoch),
        CONSTRAINT traffic_span_seconds CHECK (seconds IN (60, 900, 3600)),
        CONSTRAINT traffic_span_mode CHECK (mode IN ('live', 'test')),
        CONSTRAINT traffic_span_status CHECK (status_class BETWEEN 1 AND 5),
        CONSTRAINT traffic_span_calls CHECK (calls > 0),
        CONSTRAINT traffic_span_histograms CHECK (
          cardinality(total_buckets) = cardinality(total_counts) AND cardinality(upstream_buckets) = cardinality(upstream_counts))
        -- The minute that is under way is written again and again.
      ) WITH (fillfactor = 70);
      CREATE INDEX traffic_span_age_idx ON traffic_span (seconds, starts_at);
      GRANT SELECT, INSERT, UPDATE, DELETE ON traffic_span TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE traffic_span');
  }
}
