import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invitations to organizations, and the wall against organizations without an owner. */
export class CreateInvitations1764201725001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE invitation (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        email text NOT NULL,
        role text NOT NULL,
        -- Of the newest mail's token: the links of earlier mails are dead.
        token_hash bytea NOT NULL,
        -- Null for one made by no person.
        invited_by text,
        created_at timestamptz NOT NULL,
        sent_at timestamptz NOT NULL,
        mails integer NOT NULL DEFAULT 1,
        expires_at timestamptz NOT NULL,
        accepted_at timestamptz,
        accepted_by text,
        withdrawn_at timestamptz,
        CONSTRAINT invitation_pk PRIMARY KEY (id),
        CONSTRAINT invitation_token_key UNIQUE (token_hash),
        CONSTRAINT invitation_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id),
        CONSTRAINT invitation_invited_by_fk FOREIGN KEY (invited_by) REFERENCES auth."user" ("id"),
        CONSTRAINT invitation_accepted_by_fk FOREIGN KEY (accepted_by) REFERENCES auth."user" ("id"),
        CONSTRAINT invitation_role_known CHECK (role IN ('owner', 'admin', 'developer', 'billing')),
        CONSTRAINT invitation_email_lower CHECK (email = lower(email)),
        CONSTRAINT invitation_hash_length CHECK (octet_length(token_hash) = 32),
        CONSTRAINT invitation_acceptance CHECK ((accepted_at IS NULL) = (accepted_by IS NULL)),
        CONSTRAINT invitation_one_end CHECK (accepted_at IS NULL OR withdrawn_at IS NULL)
      );
      CREATE UNIQUE INDEX invitation_open_key ON invitation (organization_id, email)
        WHERE accepted_at IS NULL AND withdrawn_at IS NULL;
      CREATE INDEX invitation_invited_by_idx ON invitation (invited_by, created_at);
      ALTER TABLE invitation ENABLE ROW LEVEL SECURITY;
      CREATE POLICY invitation_scope ON invitation
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON invitation TO tollgate_app;

      -- Whoever changes members holds the organization's row until the end, so that two at once see each other.
      CREATE FUNCTION keep_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM 1 FROM organization WHERE id = OLD.organization_id FOR UPDATE;
        IF EXISTS (SELECT FROM membership WHERE organization_id = OLD.organization_id)
          AND NOT EXISTS (SELECT FROM membership WHERE organization_id = OLD.organization_id AND role = 'owner') THEN
          RAISE EXCEPTION 'organization % would have members and no owner', OLD.organization_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_owner_kept';
        END IF;
        RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER membership_owner_kept AFTER UPDATE OR DELETE ON membership
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.role = 'owner') EXECUTE FUNCTION keep_an_owner();
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TRIGGER membership_owner_kept ON membership;
      DROP FUNCTION keep_an_owner();
      DROP TABLE invitation;
    `);
  }
}
