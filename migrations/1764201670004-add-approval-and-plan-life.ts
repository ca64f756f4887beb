import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A subscription can wait for approval; a plan version can be a draft, and a plan not for everybody. */
export class AddApprovalAndPlanLife1764201670004 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE subscription
        DROP CONSTRAINT subscription_state_known,
        ADD CONSTRAINT subscription_state_known CHECK (state IN ('pending_approval', 'active', 'canceled'));
      DROP INDEX subscription_one_active_idx;
      CREATE UNIQUE INDEX subscription_one_live_idx ON subscription (application_id, api_product_id)
        WHERE state <> 'canceled';

      ALTER TABLE plan
        ADD COLUMN visibility text NOT NULL DEFAULT 'public',
        ADD CONSTRAINT plan_visibility_known CHECK (visibility IN ('public', 'private', 'invited'));
      -- Who sees a plan that is only for those invited.
      CREATE TABLE plan_invitation (
        plan_id uuid NOT NULL,
        organization_id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT plan_invitation_pk PRIMARY KEY (plan_id, organization_id),
        CONSTRAINT plan_invitation_plan_fk FOREIGN KEY (plan_id) REFERENCES plan (id),
        CONSTRAINT plan_invitation_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id)
      );
      ALTER TABLE plan_invitation ENABLE ROW LEVEL SECURITY;
      CREATE POLICY plan_invitation_scope ON plan_invitation
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, DELETE ON plan_invitation TO tollgate_app;

      ALTER TABLE plan_version
        DROP CONSTRAINT plan_version_state_known,
        ADD CONSTRAINT plan_version_state_known CHECK (state IN ('draft', 'published', 'retired'));
      CREATE UNIQUE INDEX plan_version_one_draft_idx ON plan_version (plan_id) WHERE state = 'draft';
      CREATE OR REPLACE FUNCTION refuse_plan_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'UPDATE' AND OLD.state = 'draft' AND (NEW.id, NEW.plan_id, NEW.number) = (OLD.id, OLD.plan_id, OLD.number) THEN
          RETURN NEW;
        END IF;
        IF TG_OP = 'DELETE' OR NEW.state = 'draft'
             OR (NEW.id, NEW.plan_id, NEW.number, NEW.definition, NEW.definition_hash, NEW.published_at)
             IS DISTINCT FROM (OLD.id, OLD.plan_id, OLD.number, OLD.definition, OLD.definition_hash, OLD.published_at) THEN
          RAISE EXCEPTION 'plan version % is published: publish a new version instead', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE OR REPLACE FUNCTION refuse_plan_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' OR (NEW.id, NEW.plan_id, NEW.number, NEW.definition, NEW.definition_hash, NEW.published_at)
             IS DISTINCT FROM (OLD.id, OLD.plan_id, OLD.number, OLD.definition, OLD.definition_hash, OLD.published_at) THEN
          RAISE EXCEPTION 'plan version % is published: publish a new version instead', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      DROP INDEX plan_version_one_draft_idx;
      ALTER TABLE plan_version
        DROP CONSTRAINT plan_version_state_known,
        ADD CONSTRAINT plan_version_state_known CHECK (state IN ('published', 'retired'));
      DROP TABLE plan_invitation;
      ALTER TABLE plan DROP CONSTRAINT plan_visibility_known, DROP COLUMN visibility;
      DROP INDEX subscription_one_live_idx;
      CREATE UNIQUE INDEX subscription_one_active_idx ON subscription (application_id, api_product_id)
        WHERE state = 'active';
      ALTER TABLE subscription
        DROP CONSTRAINT subscription_state_known,
        ADD CONSTRAINT subscription_state_known CHECK (state IN ('active', 'canceled'));
    `);
  }
}
