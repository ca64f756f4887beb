import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where organizations are told of what happens in them, the messages to there, and each try to send one. */
export class CreateWebhookEndpoints1764201731001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE webhook_endpoint (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        url text NOT NULL,
        description text NOT NULL,
        event_types text[] NOT NULL,
        secret_id uuid NOT NULL,
        -- Signs too until its end.
        previous_secret_id uuid,
        previous_secret_ends_at timestamptz,
        created_at timestamptz NOT NULL,
        disabled_at timestamptz,
        disabled_reason text,
        failing_since timestamptz,
        CONSTRAINT webhook_endpoint_pk PRIMARY KEY (id),
        CONSTRAINT webhook_endpoint_organization_key UNIQUE (organization_id, id),
        CONSTRAINT webhook_endpoint_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id),
        CONSTRAINT webhook_endpoint_secret_fk FOREIGN KEY (secret_id) REFERENCES secret (id),
        CONSTRAINT webhook_endpoint_previous_secret_fk FOREIGN KEY (previous_secret_id) REFERENCES secret (id),
        CONSTRAINT webhook_endpoint_url_length CHECK (length(url) BETWEEN 1 AND 4096),
        CONSTRAINT webhook_endpoint_description_length CHECK (length(description) <= 200),
        CONSTRAINT webhook_endpoint_types_some CHECK (cardinality(event_types) > 0),
        CONSTRAINT webhook_endpoint_overlap CHECK ((previous_secret_id IS NULL) = (previous_secret_ends_at IS NULL)),
        CONSTRAINT webhook_endpoint_reason CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL)),
        CONSTRAINT webhook_endpoint_reason_known CHECK (disabled_reason IN ('member', 'gone', 'failing'))
      );
      CREATE INDEX webhook_endpoint_overlap_idx ON webhook_endpoint (previous_secret_ends_at)
        WHERE previous_secret_ends_at IS NOT NULL;
      ALTER TABLE webhook_endpoint ENABLE ROW LEVEL SECURITY;
      CREATE POLICY webhook_endpoint_scope ON webhook_endpoint
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_endpoint TO tollgate_app;

      CREATE TABLE webhook_delivery (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        endpoint_id uuid NOT NULL,
        event_id uuid NOT NULL,
        event_type text NOT NULL,
        body text NOT NULL,
        state text NOT NULL DEFAULT 'waiting',
        created_at timestamptz NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        -- How many tries there were when the schedule last began: it begins anew when somebody sends the message again.
        schedule_start integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz,
        -- Whose turn it is to try: a worker that comes back late finds another number.
        lease integer NOT NULL DEFAULT 0,
        leased_until timestamptz,
        settled_at timestamptz,
        CONSTRAINT webhook_delivery_pk PRIMARY KEY (id),
        CONSTRAINT webhook_delivery_organization_key UNIQUE (organization_id, id),
        CONSTRAINT webhook_delivery_event_key UNIQUE (endpoint_id, event_id),
        CONSTRAINT webhook_delivery_endpoint_fk FOREIGN KEY (organization_id, endpoint_id)
          REFERENCES webhook_endpoint (organization_id, id) ON DELETE CASCADE,
        CONSTRAINT webhook_delivery_state_known CHECK (state IN ('waiting', 'delivered', 'failed', 'canceled')),
        CONSTRAINT webhook_delivery_next CHECK ((state = 'waiting') = (next_attempt_at IS NOT NULL)),
        CONSTRAINT webhook_delivery_settled CHECK ((state = 'waiting') = (settled_at IS NULL)),
        CONSTRAINT webhook_delivery_counts CHECK (attempts >= schedule_start AND schedule_start >= 0)
      );
      CREATE INDEX webhook_delivery_due_idx ON webhook_delivery (endpoint_id, next_attempt_at, id) WHERE state = 'waiting';
      CREATE INDEX webhook_delivery_leased_idx ON webhook_delivery (leased_until) WHERE leased_until IS NOT NULL;
      CREATE INDEX webhook_delivery_endpoint_idx ON webhook_delivery (endpoint_id, id DESC);
      CREATE INDEX webhook_delivery_settled_idx ON webhook_delivery (settled_at) WHERE settled_at IS NOT NULL;
      ALTER TABLE webhook_delivery ENABLE ROW LEVEL SECURITY;
      CREATE POLICY webhook_delivery_scope ON webhook_delivery
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_delivery TO tollgate_app;

      CREATE TABLE webhook_attempt (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        delivery_id uuid NOT NULL,
        number integer NOT NULL,
        attempted_at timestamptz NOT NULL,
        duration_ms integer NOT NULL,
        outcome text NOT NULL,
        status integer,
        excerpt text NOT NULL,
        CONSTRAINT webhook_attempt_pk PRIMARY KEY (id),
        CONSTRAINT webhook_attempt_number_key UNIQUE (delivery_id, number),
        CONSTRAINT webhook_attempt_delivery_fk FOREIGN KEY (organization_id, delivery_id)
          REFERENCES webhook_delivery (organization_id, id) ON DELETE CASCADE,
        CONSTRAINT webhook_attempt_outcome_known CHECK (outcome IN ('delivered', 'refused', 'redirected', 'timed_out',
          'unreachable', 'address_refused')),
        CONSTRAINT webhook_attempt_excerpt_length CHECK (length(excerpt) <= 1000)
      );
      ALTER TABLE webhook_attempt ENABLE ROW LEVEL SECURITY;
      CREATE POLICY webhook_attempt_scope ON webhook_attempt
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON webhook_attempt TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TEMPORARY TABLE webhook_secret ON COMMIT DROP AS
        SELECT secret_id AS id FROM webhook_endpoint
        UNION SELECT previous_secret_id FROM webhook_endpoint WHERE previous_secret_id IS NOT NULL;
      DROP TABLE webhook_attempt;
      DROP TABLE webhook_delivery;
      DROP TABLE webhook_endpoint;
      DELETE FROM secret WHERE id IN (SELECT id FROM webhook_secret);
    `);
  }
}
