import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The usage of some plans is rated by Stripe. What Stripe has for a phase of a subscription is written down before it is asked
 * for and after, and so is each report of usage: under the same identifier however often it is sent.
 */
export class RateByStripe1764201723001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE metered_subscription (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        subscription_id uuid NOT NULL,
        phase_id uuid NOT NULL,
        plan_version_id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        -- All four are null until Stripe has it.
        provider_customer_id text,
        provider_subscription_id text,
        -- {meter: {providerMeterId, providerPriceId}}
        prices jsonb,
        started_at timestamptz,
        ends_with_period boolean NOT NULL DEFAULT false,
        ended_at timestamptz,
        -- One process at a time reports its usage, and lets the others try again when it has died.
        reporting_until timestamptz,
        CONSTRAINT metered_subscription_pk PRIMARY KEY (id),
        CONSTRAINT metered_subscription_organization_key UNIQUE (organization_id, id),
        CONSTRAINT metered_subscription_phase_key UNIQUE (phase_id),
        CONSTRAINT metered_subscription_provider_key UNIQUE (provider_subscription_id),
        CONSTRAINT metered_subscription_subscription_fk FOREIGN KEY (organization_id, subscription_id)
          REFERENCES subscription (organization_id, id),
        CONSTRAINT metered_subscription_phase_fk FOREIGN KEY (phase_id) REFERENCES subscription_phase (id),
        CONSTRAINT metered_subscription_plan_version_fk FOREIGN KEY (plan_version_id) REFERENCES plan_version (id),
        CONSTRAINT metered_subscription_provider_whole CHECK (
          num_nulls(provider_customer_id, provider_subscription_id, prices, started_at) IN (0, 4))
      );
      -- Stripe counts by customer and meter: of two at a time each would be billed the usage of both.
      CREATE UNIQUE INDEX metered_subscription_one_idx ON metered_subscription (organization_id, plan_version_id)
        WHERE ended_at IS NULL;
      CREATE INDEX metered_subscription_subscription_idx ON metered_subscription (subscription_id);
      ALTER TABLE metered_subscription ENABLE ROW LEVEL SECURITY;
      CREATE POLICY metered_subscription_scope ON metered_subscription
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON metered_subscription TO tollgate_app;

      CREATE TABLE metered_usage (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        metered_subscription_id uuid NOT NULL,
        period_start timestamptz NOT NULL,
        meter text NOT NULL,
        hour_at timestamptz NOT NULL,
        -- What came late for an hour that was reported is reported by itself.
        revision integer NOT NULL,
        quantity numeric(15, 0) NOT NULL,
        identifier text NOT NULL,
        state text NOT NULL,
        created_at timestamptz NOT NULL,
        -- The instant that Stripe is told; fixed before the first attempt, as it must be the same in each.
        reported_as_of timestamptz,
        tried_at timestamptz,
        counted_at timestamptz,
        failure_code text,
        failure_message text,
        CONSTRAINT metered_usage_pk PRIMARY KEY (id),
        CONSTRAINT metered_usage_identifier_key UNIQUE (identifier),
        CONSTRAINT metered_usage_revision_key UNIQUE (metered_subscription_id, period_start, meter, hour_at, revision),
        CONSTRAINT metered_usage_subscription_fk FOREIGN KEY (organization_id, metered_subscription_id)
          REFERENCES metered_subscription (organization_id, id),
        CONSTRAINT metered_usage_quantity_positive CHECK (quantity > 0),
        CONSTRAINT metered_usage_revision_positive CHECK (revision > 0),
        CONSTRAINT metered_usage_state_known CHECK (state IN ('waiting', 'counted', 'refused')),
        CONSTRAINT metered_usage_counted_whole CHECK ((state = 'counted') = (counted_at IS NOT NULL)),
        CONSTRAINT metered_usage_refused_whole CHECK ((state = 'refused') = (failure_message IS NOT NULL)),
        CONSTRAINT metered_usage_tried_whole CHECK (num_nulls(reported_as_of, tried_at) IN (0, 2))
      );
      CREATE INDEX metered_usage_waiting_idx ON metered_usage (metered_subscription_id, id) WHERE state = 'waiting';
      CREATE FUNCTION guard_metered_usage() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' OR OLD.state = 'counted' OR
           (OLD.tried_at IS NOT NULL AND NEW.reported_as_of IS DISTINCT FROM OLD.reported_as_of AND OLD.state <> 'refused') OR
           (to_jsonb(NEW) - ARRAY['state', 'reported_as_of', 'tried_at', 'counted_at', 'failure_code', 'failure_message']) <>
           (to_jsonb(OLD) - ARRAY['state', 'reported_as_of', 'tried_at', 'counted_at', 'failure_code', 'failure_message'])
        THEN
          RAISE EXCEPTION 'metered usage % is %: what was counted, or tried, stays as it is', OLD.id, OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER metered_usage_guard BEFORE UPDATE OR DELETE ON metered_usage
        FOR EACH ROW EXECUTE FUNCTION guard_metered_usage();
      ALTER TABLE metered_usage ENABLE ROW LEVEL SECURITY;
      CREATE POLICY metered_usage_scope ON metered_usage
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON metered_usage TO tollgate_app;

      CREATE INDEX plan_version_rated_by_stripe_idx ON plan_version (id) WHERE definition ->> 'rating' = 'stripe';
      CREATE INDEX subscription_phase_plan_version_idx ON subscription_phase (plan_version_id);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX subscription_phase_plan_version_idx, plan_version_rated_by_stripe_idx;
      DROP TABLE metered_usage, metered_subscription;
      DROP FUNCTION guard_metered_usage();
    `);
  }
}
