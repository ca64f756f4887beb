import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who buys: organizations with their people, applications and keys. Who sells: publisher teams and staff. */
export class CreateOrganizations1763800000003 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE organization (
        id uuid NOT NULL,
        slug text NOT NULL,
        name text NOT NULL,
        billing_email text,
        provider_customer_id text,
        created_at timestamptz NOT NULL,
        suspended_at timestamptz,
        CONSTRAINT organization_pk PRIMARY KEY (id),
        CONSTRAINT organization_slug_key UNIQUE (slug),
        CONSTRAINT organization_provider_customer_key UNIQUE (provider_customer_id),
        CONSTRAINT organization_slug_form CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
        CONSTRAINT organization_name_present CHECK (length(trim(name)) BETWEEN 1 AND 120)
      );
      ALTER TABLE organization ENABLE ROW LEVEL SECURITY;
      CREATE POLICY organization_scope ON organization
        USING ((SELECT scope_is_system()) OR id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON organization TO tollgate_app;

      CREATE TABLE membership (
        organization_id uuid NOT NULL,
        user_id text NOT NULL,
        role text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT membership_pk PRIMARY KEY (organization_id, user_id),
        CONSTRAINT membership_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id),
        CONSTRAINT membership_user_fk FOREIGN KEY (user_id) REFERENCES auth."user" ("id"),
        CONSTRAINT membership_role_known CHECK (role IN ('owner', 'admin', 'developer', 'billing'))
      );
      CREATE INDEX membership_user_idx ON membership (user_id);
      ALTER TABLE membership ENABLE ROW LEVEL SECURITY;
      CREATE POLICY membership_scope ON membership
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE, DELETE ON membership TO tollgate_app;

      CREATE TABLE publisher_team (
        id uuid NOT NULL,
        slug text NOT NULL,
        name text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT publisher_team_pk PRIMARY KEY (id),
        CONSTRAINT publisher_team_slug_key UNIQUE (slug),
        CONSTRAINT publisher_team_slug_form CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$')
      );
      GRANT SELECT, INSERT, UPDATE ON publisher_team TO tollgate_app;

      CREATE TABLE publisher_team_member (
        publisher_team_id uuid NOT NULL,
        user_id text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT publisher_team_member_pk PRIMARY KEY (publisher_team_id, user_id),
        CONSTRAINT publisher_team_member_team_fk FOREIGN KEY (publisher_team_id) REFERENCES publisher_team (id),
        CONSTRAINT publisher_team_member_user_fk FOREIGN KEY (user_id) REFERENCES auth."user" ("id")
      );
      CREATE INDEX publisher_team_member_user_idx ON publisher_team_member (user_id);
      GRANT SELECT, INSERT, DELETE ON publisher_team_member TO tollgate_app;

      CREATE TABLE staff_role (
        user_id text NOT NULL,
        role text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT staff_role_pk PRIMARY KEY (user_id, role),
        CONSTRAINT staff_role_user_fk FOREIGN KEY (user_id) REFERENCES auth."user" ("id"),
        CONSTRAINT staff_role_known CHECK (role IN ('finance', 'operator'))
      );
      GRANT SELECT, INSERT, DELETE ON staff_role TO tollgate_app;

      CREATE TABLE application (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        name text NOT NULL,
        created_at timestamptz NOT NULL,
        suspended_at timestamptz,
        CONSTRAINT application_pk PRIMARY KEY (id),
        CONSTRAINT application_organization_key UNIQUE (organization_id, id),
        CONSTRAINT application_name_key UNIQUE (organization_id, name),
        CONSTRAINT application_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id),
        CONSTRAINT application_name_present CHECK (length(trim(name)) BETWEEN 1 AND 120)
      );
      ALTER TABLE application ENABLE ROW LEVEL SECURITY;
      CREATE POLICY application_scope ON application
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON application TO tollgate_app;

      CREATE TABLE credential (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        application_id uuid NOT NULL,
        key_id text NOT NULL,
        mode text NOT NULL,
        name text NOT NULL,
        secret_hash bytea NOT NULL,
        pepper_id text NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz,
        revoked_at timestamptz,
        last_used_at timestamptz,
        CONSTRAINT credential_pk PRIMARY KEY (id),
        CONSTRAINT credential_key_id_key UNIQUE (key_id),
        CONSTRAINT credential_application_fk FOREIGN KEY (organization_id, application_id)
          REFERENCES application (organization_id, id),
        CONSTRAINT credential_mode_known CHECK (mode IN ('live', 'test')),
        CONSTRAINT credential_hash_length CHECK (octet_length(secret_hash) = 32)
      );
      CREATE INDEX credential_application_idx ON credential (application_id);
      ALTER TABLE credential ENABLE ROW LEVEL SECURITY;
      CREATE POLICY credential_scope ON credential
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON credential TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE credential, application, staff_role, publisher_team_member, publisher_team, membership, organization;
    `);
  }
}
