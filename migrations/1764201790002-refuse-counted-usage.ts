import type { MigrationInterface, QueryRunner } from 'typeorm';

const COMPARED = `ARRAY['state', 'reported_as_of', 'tried_at', 'counted_at', 'failure_code', 'failure_message']`;

/** Stripe takes usage first and looks at it later: what it took may be refused by a report of errors, and nothing else of it changes. */
export class RefuseCountedUsage1764201790002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      guard(`(OLD.state = 'counted' AND (NEW.state <> 'refused' OR NEW.reported_as_of IS DISTINCT FROM OLD.reported_as_of
             OR NEW.tried_at IS DISTINCT FROM OLD.tried_at))`),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(guard(`OLD.state = 'counted'`));
  }
}

function guard(counted: string): string {
  return `
      CREATE OR REPLACE FUNCTION guard_metered_usage() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' OR ${counted} OR
           (OLD.tried_at IS NOT NULL AND NEW.reported_as_of IS DISTINCT FROM OLD.reported_as_of AND OLD.state <> 'refused') OR
           (to_jsonb(NEW) - ${COMPARED}) <>
           (to_jsonb(OLD) - ${COMPARED})
        THEN
          RAISE EXCEPTION 'metered usage % is %: what was counted, or tried, stays as it is', OLD.id, OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$`;
}
