import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who has bought what, in which phase, and the billing periods that follow from it. */
export class CreateSubscriptions1763800000005 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE subscription (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        application_id uuid NOT NULL,
        api_product_id uuid NOT NULL,
        state text NOT NULL,
        anchor_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL,
        canceled_at timestamptz,
        CONSTRAINT subscription_pk PRIMARY KEY (id),
        CONSTRAINT subscription_organization_key UNIQUE (organization_id, id),
        CONSTRAINT subscription_application_fk FOREIGN KEY (organization_id, application_id)
          REFERENCES application (organization_id, id),
        CONSTRAINT subscription_product_fk FOREIGN KEY (api_product_id) REFERENCES api_product (id),
        CONSTRAINT subscription_state_known CHECK (state IN ('active', 'canceled')),
        CONSTRAINT subscription_canceled_at_set CHECK ((state = 'canceled') = (canceled_at IS NOT NULL))
      );
      CREATE UNIQUE INDEX subscription_one_active_idx ON subscription (application_id, api_product_id)
        WHERE state = 'active';
      ALTER TABLE subscription ENABLE ROW LEVEL SECURITY;
      CREATE POLICY subscription_scope ON subscription
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON subscription TO tollgate_app;

      CREATE TABLE subscription_phase (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        subscription_id uuid NOT NULL,
        plan_version_id uuid NOT NULL,
        starts_at timestamptz NOT NULL,
        ends_at timestamptz,
        CONSTRAINT subscription_phase_pk PRIMARY KEY (id),
        CONSTRAINT subscription_phase_start_key UNIQUE (subscription_id, starts_at),
        CONSTRAINT subscription_phase_subscription_fk FOREIGN KEY (organization_id, subscription_id)
          REFERENCES subscription (organization_id, id),
        CONSTRAINT subscription_phase_plan_version_fk FOREIGN KEY (plan_version_id) REFERENCES plan_version (id),
        CONSTRAINT subscription_phase_order CHECK (ends_at IS NULL OR ends_at > starts_at)
      );
      CREATE UNIQUE INDEX subscription_phase_one_open_idx ON subscription_phase (subscription_id) WHERE ends_at IS NULL;
      ALTER TABLE subscription_phase ENABLE ROW LEVEL SECURITY;
      CREATE POLICY subscription_phase_scope ON subscription_phase
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON subscription_phase TO tollgate_app;

      -- Only live usage has a period: the mode column lets other tables say so in a foreign key (invariant I9).
      CREATE TABLE billing_period (
        subscription_id uuid NOT NULL,
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        mode text NOT NULL DEFAULT 'live',
        organization_id uuid NOT NULL,
        state text NOT NULL,
        closed_at timestamptz,
        held_reason text,
        CONSTRAINT billing_period_pk PRIMARY KEY (subscription_id, starts_at),
        CONSTRAINT billing_period_mode_key UNIQUE (subscription_id, starts_at, mode),
        CONSTRAINT billing_period_subscription_fk FOREIGN KEY (organization_id, subscription_id)
          REFERENCES subscription (organization_id, id),
        CONSTRAINT billing_period_live CHECK (mode = 'live'),
        CONSTRAINT billing_period_order CHECK (ends_at > starts_at),
        CONSTRAINT billing_period_state_known CHECK (state IN ('open', 'incomplete', 'closed')),
        CONSTRAINT billing_period_closed_at_set CHECK ((state = 'closed') = (closed_at IS NOT NULL))
      );
      CREATE INDEX billing_period_due_idx ON billing_period (ends_at) WHERE state <> 'closed';
      CREATE FUNCTION refuse_closed_period_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' OR OLD.state = 'closed' THEN
          RAISE EXCEPTION 'the period of % from % is closed', OLD.subscription_id, OLD.starts_at
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER billing_period_closed_stays BEFORE UPDATE OR DELETE ON billing_period
        FOR EACH ROW EXECUTE FUNCTION refuse_closed_period_change();
      ALTER TABLE billing_period ENABLE ROW LEVEL SECURITY;
      CREATE POLICY billing_period_scope ON billing_period
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON billing_period TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE billing_period, subscription_phase, subscription;
      DROP FUNCTION refuse_closed_period_change();
    `);
  }
}
