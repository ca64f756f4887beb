import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deleted people and organizations: their rows stay under a pseudonym, and nothing begins for them any more. */
export class DeleteAccounts1764201750001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE user_deletion (
        user_id text NOT NULL,
        pseudonym text NOT NULL,
        deleted_at timestamptz NOT NULL,
        CONSTRAINT user_deletion_pk PRIMARY KEY (user_id),
        CONSTRAINT user_deletion_user_fk FOREIGN KEY (user_id) REFERENCES auth."user" ("id")
      );
      GRANT SELECT, INSERT ON user_deletion TO tollgate_app;

      CREATE TABLE organization_deletion (
        organization_id uuid NOT NULL,
        pseudonym text NOT NULL,
        deleted_at timestamptz NOT NULL,
        CONSTRAINT organization_deletion_pk PRIMARY KEY (organization_id),
        CONSTRAINT organization_deletion_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id)
      );
      ALTER TABLE organization_deletion ENABLE ROW LEVEL SECURITY;
      CREATE POLICY organization_deletion_scope ON organization_deletion
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON organization_deletion TO tollgate_app;

      -- The row that is referred to is held first: who deletes it holds it until the end, and is seen then.
      CREATE FUNCTION refuse_deleted_user() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        person text := to_jsonb(NEW) ->> TG_ARGV[0];
      BEGIN
        PERFORM FROM auth."user" WHERE id = person FOR KEY SHARE;
        IF EXISTS (SELECT FROM public.user_deletion WHERE user_id = person) THEN
          RAISE EXCEPTION 'user % is deleted', person USING ERRCODE = 'check_violation', CONSTRAINT = 'user_not_deleted';
        END IF;
        RETURN NEW;
      END $$;
      ${USER_TABLES.map(
        ([table, column]) => `
      CREATE TRIGGER user_not_deleted BEFORE INSERT ON ${table}
        FOR EACH ROW EXECUTE FUNCTION refuse_deleted_user('${column}');`,
      ).join('')}

      CREATE FUNCTION refuse_deleted_organization() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM FROM organization WHERE id = NEW.organization_id FOR KEY SHARE;
        IF EXISTS (SELECT FROM organization_deletion WHERE organization_id = NEW.organization_id) THEN
          RAISE EXCEPTION 'organization % is deleted', NEW.organization_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'organization_not_deleted';
        END IF;
        RETURN NEW;
      END $$;
      ${ORGANIZATION_TABLES.map(
        (table) => `
      CREATE TRIGGER organization_not_deleted BEFORE INSERT ON ${table}
        FOR EACH ROW EXECUTE FUNCTION refuse_deleted_organization();`,
      ).join('')}

      -- As before, but that the functions below may take words out of details. Nobody else may: only the owner of the table has
      -- the right to, and the setting is theirs alone.
      CREATE FUNCTION guard_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'UPDATE' AND current_setting('tollgate.erasing', true) = 'on'
          AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
          AND to_jsonb(NEW) - 'details' = to_jsonb(OLD) - 'details' THEN
          RETURN NEW;
        END IF;
        RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
      END $$;
      DROP TRIGGER audit_log_append_only ON audit_log;
      CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
        FOR EACH ROW EXECUTE FUNCTION guard_audit_log();

      -- Takes the name and address of a person who is deleted in this very transaction out of what the application cannot change.
      CREATE FUNCTION erase_person(person text, old_name text, old_email text, new_name text, new_email text) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        -- The whole address, and not the end or the beginning of a longer one.
        pattern text := '(?<![[:alnum:]._%+-])' || regexp_replace(old_email, '([^[:alnum:]])', '\\\\\\1', 'g')
          || '(?![.]?[[:alnum:]-])';
      BEGIN
        IF NOT EXISTS (SELECT FROM user_deletion WHERE user_id = person AND xmin = pg_current_xact_id()::xid) THEN
          RAISE EXCEPTION 'user % is not being deleted', person USING ERRCODE = 'check_violation';
        END IF;
        PERFORM set_config('tollgate.erasing', 'on', true);
        UPDATE audit_log SET details = regexp_replace(details::text, pattern, new_email, 'gi')::jsonb
          WHERE strpos(lower(details::text), lower(old_email)) > 0;
        UPDATE audit_log SET details = (
            SELECT jsonb_object_agg(key, CASE WHEN key IN ('name', 'from', 'to') AND value = to_jsonb(old_name)
              THEN to_jsonb(new_name) ELSE value END) FROM jsonb_each(details))
          WHERE noun IN ('user', 'organization', 'application')
            AND old_name IN (details ->> 'name', details ->> 'from', details ->> 'to');
        UPDATE subscription_note SET text = regexp_replace(text, pattern, new_email, 'gi')
          WHERE strpos(lower(text), lower(old_email)) > 0;
        PERFORM set_config('tollgate.erasing', '', true);
      END $$;
      REVOKE ALL ON FUNCTION erase_person(text, text, text, text, text) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION erase_person(text, text, text, text, text) TO tollgate_app;

      -- The same for an organization: what names it, its people and its applications. What is about money stays.
      CREATE FUNCTION erase_organization(erased uuid) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        IF NOT EXISTS (SELECT FROM organization_deletion
                       WHERE organization_id = erased AND xmin = pg_current_xact_id()::xid) THEN
          RAISE EXCEPTION 'organization % is not being deleted', erased USING ERRCODE = 'check_violation';
        END IF;
        PERFORM set_config('tollgate.erasing', 'on', true);
        UPDATE audit_log SET details = '{}'
          WHERE organization_id = erased AND details <> '{}'
            AND noun IN ('organization', 'application', 'member', 'invitation', 'credential', 'identity', 'billing_details');
        UPDATE subscription_note SET text = 'Erased with the organization.' WHERE organization_id = erased;
        PERFORM set_config('tollgate.erasing', '', true);
      END $$;
      REVOKE ALL ON FUNCTION erase_organization(uuid) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION erase_organization(uuid) TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP FUNCTION erase_person(text, text, text, text, text), erase_organization(uuid);
      DROP TRIGGER audit_log_append_only ON audit_log;
      CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      DROP FUNCTION guard_audit_log();
      ${USER_TABLES.map(([table]) => `DROP TRIGGER user_not_deleted ON ${table};`).join('\n      ')}
      ${ORGANIZATION_TABLES.map((table) => `DROP TRIGGER organization_not_deleted ON ${table};`).join('\n      ')}
      DROP FUNCTION refuse_deleted_user(), refuse_deleted_organization();
      DROP TABLE user_deletion, organization_deletion;
    `);
  }
}

/** What would let a person in again, with the column that names them. */
const USER_TABLES = [
  ['auth."session"', 'userId'],
  ['auth."account"', 'userId'],
  ['auth."twoFactor"', 'userId'],
  ['membership', 'user_id'],
  ['access_token', 'user_id'],
  ['staff_role', 'user_id'],
  ['publisher_team_member', 'user_id'],
] as const;

/** What would begin something for an organization. */
const ORGANIZATION_TABLES = ['membership', 'invitation', 'application', 'credential', 'subscription'] as const;
