import type { MigrationInterface, QueryRunner } from 'typeorm';

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

/** A draft of a plan can be thrown away, and with it a plan that has never been published. */
export class DeletePlanDrafts1764201700401 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE OR REPLACE FUNCTION refuse_plan_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' AND OLD.state = 'draft' THEN
          RETURN OLD;
        END IF;${CHANGE}
      END $$;
      GRANT DELETE ON plan, plan_version TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      REVOKE DELETE ON plan, plan_version FROM tollgate_app;
      CREATE OR REPLACE FUNCTION refuse_plan_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN${CHANGE}
      END $$;
    `);
  }
}
