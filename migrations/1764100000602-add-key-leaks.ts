import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys that somebody has found in public, and what is to be done about them. */
export class AddKeyLeaks1764100000602 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- One row for each leaked key: later reports of the same key change nothing.
      CREATE TABLE key_leak (
        credential_id uuid NOT NULL,
        organization_id uuid NOT NULL,
        reporter text NOT NULL,
        found_at_url text,
        found_in text,
        action text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT key_leak_pk PRIMARY KEY (credential_id),
        CONSTRAINT key_leak_credential_fk FOREIGN KEY (organization_id, credential_id)
          REFERENCES credential (organization_id, id),
        CONSTRAINT key_leak_action_known CHECK (action IN ('revoked', 'alerted'))
      );
      ALTER TABLE key_leak ENABLE ROW LEVEL SECURITY;
      CREATE POLICY key_leak_scope ON key_leak
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON key_leak TO tollgate_app;

      -- What an organization has decided for its leaked keys; without a row the installation's setting holds.
      CREATE TABLE leak_policy (
        organization_id uuid NOT NULL,
        policy text NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT leak_policy_pk PRIMARY KEY (organization_id),
        CONSTRAINT leak_policy_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id),
        CONSTRAINT leak_policy_known CHECK (policy IN ('revoke', 'alert'))
      );
      ALTER TABLE leak_policy ENABLE ROW LEVEL SECURITY;
      CREATE POLICY leak_policy_scope ON leak_policy
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON leak_policy TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE leak_policy, key_leak');
  }
}
