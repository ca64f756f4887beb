import type { MigrationInterface, QueryRunner } from 'typeorm';

const DRAFT_MAY_GO = `
        IF TG_OP = 'DELETE' AND OLD.state = 'draft' THEN
          RETURN OLD;
        END IF;`;
const CHANGE = `
        IF TG_OP = 'UPDATE' AND OLD.state = 'draft' AND (NEW.id, NEW.plan_id, NEW.number) = (OLD.id, OLD.plan_id, OLD.number) THEN
          RETURN NEW;
        END IF;
        IF TG_OP = 'DELETE' OR NEW.state = 'draft'
             OR (NEW.id, NEW.plan_id, NEW.number, NEW.definition, NEW.definition_hash, NEW.published_at)
             IS DISTINCT FROM (OLD.id, OLD.plan_id, OLD.number, OLD.definition, OLD.definition_hash, OLD.published_at) THEN
          RAISE EXCEPTION 'plan version % is published: publish a new version instead', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;`;

/** A subscription can have terms of its own: a version of its plan that is for it alone. And publishers take notes of it. */
export class OverrideTerms1764201710301 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE plan_version
        DROP CONSTRAINT plan_version_state_known,
        ADD CONSTRAINT plan_version_state_known CHECK (state IN ('draft', 'published', 'retired', 'custom'));
      CREATE OR REPLACE FUNCTION refuse_plan_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN${DRAFT_MAY_GO}
        -- What one subscription alone has never becomes what others get.
        IF TG_OP = 'UPDATE' AND (OLD.state = 'custom') <> (NEW.state = 'custom') THEN
          RAISE EXCEPTION 'plan version % is of one subscription, or of none', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;${CHANGE}
      END $$;

      CREATE TABLE subscription_override (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        subscription_id uuid NOT NULL,
        -- The version that is for the subscription alone, and the one that it was made of.
        plan_version_id uuid NOT NULL,
        base_version_id uuid NOT NULL,
        terms jsonb NOT NULL,
        reason text NOT NULL,
        actor_kind text NOT NULL,
        actor_id text,
        created_at timestamptz NOT NULL,
        CONSTRAINT subscription_override_pk PRIMARY KEY (id),
        CONSTRAINT subscription_override_version_key UNIQUE (plan_version_id),
        CONSTRAINT subscription_override_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id),
        CONSTRAINT subscription_override_subscription_fk FOREIGN KEY (subscription_id) REFERENCES subscription (id),
        CONSTRAINT subscription_override_version_fk FOREIGN KEY (plan_version_id) REFERENCES plan_version (id),
        CONSTRAINT subscription_override_base_fk FOREIGN KEY (base_version_id) REFERENCES plan_version (id),
        CONSTRAINT subscription_override_reason_given CHECK (reason <> '')
      );
      CREATE INDEX subscription_override_subscription_idx ON subscription_override (subscription_id, created_at DESC);
      ALTER TABLE subscription_override ENABLE ROW LEVEL SECURITY;
      CREATE POLICY subscription_override_scope ON subscription_override
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      -- What was agreed does not change: the application may only add.
      GRANT SELECT, INSERT ON subscription_override TO tollgate_app;

      CREATE TABLE subscription_note (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        subscription_id uuid NOT NULL,
        text text NOT NULL,
        actor_kind text NOT NULL,
        actor_id text,
        created_at timestamptz NOT NULL,
        CONSTRAINT subscription_note_pk PRIMARY KEY (id),
        CONSTRAINT subscription_note_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id),
        CONSTRAINT subscription_note_subscription_fk FOREIGN KEY (subscription_id) REFERENCES subscription (id),
        CONSTRAINT subscription_note_text_given CHECK (text <> '')
      );
      CREATE INDEX subscription_note_subscription_idx ON subscription_note (subscription_id, created_at DESC);
      ALTER TABLE subscription_note ENABLE ROW LEVEL SECURITY;
      -- Of an organization, but for its publisher: it never reads them itself.
      CREATE POLICY subscription_note_scope ON subscription_note USING ((SELECT scope_is_system()));
      GRANT SELECT, INSERT ON subscription_note TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE subscription_note, subscription_override;
      CREATE OR REPLACE FUNCTION refuse_plan_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN${DRAFT_MAY_GO}${CHANGE}
      END $$;
      ALTER TABLE plan_version
        DROP CONSTRAINT plan_version_state_known,
        ADD CONSTRAINT plan_version_state_known CHECK (state IN ('draft', 'published', 'retired'));
    `);
  }
}
