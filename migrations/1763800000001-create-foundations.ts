import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The application's role, the second wall between organizations, and the tables that every noun relies on. */
export class CreateFoundations1763800000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tollgate_app') THEN
          CREATE ROLE tollgate_app NOLOGIN;
        END IF;
      END $$;
      DO $$ BEGIN
        IF NOT pg_has_role(current_user, 'tollgate_app', 'MEMBER') THEN
          EXECUTE format('GRANT tollgate_app TO %I', current_user);
        END IF;
      END $$;
      REVOKE CREATE ON SCHEMA public FROM PUBLIC;
      GRANT USAGE ON SCHEMA public TO tollgate_app;

      -- Row-level security reads who is asking from two settings of the transaction; unset means: sees nothing.
      CREATE FUNCTION scoped_organization_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
        $$ SELECT nullif(current_setting('tollgate.organization_id', true), '')::uuid $$;
      CREATE FUNCTION scope_is_system() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
        $$ SELECT coalesce(current_setting('tollgate.scope', true), '') = 'system' $$;

      -- A row that must never change or go: for triggers.
      CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
      END $$;

      -- The time machine: how far Tollgate's clock runs ahead of the machine's. One row; only forward.
      CREATE TABLE clock_offset (
        id boolean NOT NULL DEFAULT true,
        offset_ms bigint NOT NULL,
        CONSTRAINT clock_offset_pk PRIMARY KEY (id),
        CONSTRAINT clock_offset_single CHECK (id),
        CONSTRAINT clock_offset_not_negative CHECK (offset_ms >= 0)
      );
      INSERT INTO clock_offset (offset_ms) VALUES (0);
      CREATE FUNCTION refuse_clock_backwards() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.offset_ms < OLD.offset_ms THEN
          RAISE EXCEPTION 'the clock never runs backwards' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER clock_offset_forward BEFORE UPDATE ON clock_offset
        FOR EACH ROW EXECUTE FUNCTION refuse_clock_backwards();
      GRANT SELECT, UPDATE ON clock_offset TO tollgate_app;

      -- What the gateways must learn, numbered without gaps: the number is drawn under an advisory lock of the writing transaction.
      CREATE TABLE change_log (
        number bigint NOT NULL,
        noun text NOT NULL,
        noun_id text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT change_log_pk PRIMARY KEY (number)
      );
      CREATE TRIGGER change_log_append_only BEFORE UPDATE ON change_log
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      GRANT SELECT, INSERT ON change_log TO tollgate_app;

      CREATE TABLE outbox (
        id uuid NOT NULL,
        queue text NOT NULL,
        job_name text NOT NULL,
        job_id text NOT NULL,
        payload jsonb NOT NULL,
        created_at timestamptz NOT NULL,
        dispatched_at timestamptz,
        CONSTRAINT outbox_pk PRIMARY KEY (id)
      );
      CREATE INDEX outbox_waiting_idx ON outbox (created_at) WHERE dispatched_at IS NULL;
      CREATE INDEX outbox_undone_idx ON outbox (dispatched_at) WHERE dispatched_at IS NOT NULL;
      CREATE INDEX outbox_job_idx ON outbox (job_id);
      GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO tollgate_app;

      CREATE TABLE audit_log (
        id uuid NOT NULL,
        organization_id uuid,
        actor_kind text NOT NULL,
        actor_id text,
        action text NOT NULL,
        noun text NOT NULL,
        noun_id text,
        details jsonb NOT NULL DEFAULT '{}',
        created_at timestamptz NOT NULL,
        CONSTRAINT audit_log_pk PRIMARY KEY (id),
        CONSTRAINT audit_log_actor_kind_known CHECK (actor_kind IN ('user', 'system', 'cli'))
      );
      CREATE INDEX audit_log_organization_idx ON audit_log (organization_id, id DESC);
      CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;
      CREATE POLICY audit_log_scope ON audit_log
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON audit_log TO tollgate_app;

      -- Secrets of publishers and organizations, sealed with AES-256-GCM by the application; key_id names the key of the ring.
      CREATE TABLE secret (
        id uuid NOT NULL,
        purpose text NOT NULL,
        key_id text NOT NULL,
        nonce bytea NOT NULL,
        ciphertext bytea NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT secret_pk PRIMARY KEY (id),
        CONSTRAINT secret_nonce_length CHECK (octet_length(nonce) = 12)
      );
      ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
      CREATE POLICY secret_scope ON secret USING ((SELECT scope_is_system()));
      GRANT SELECT, INSERT, UPDATE, DELETE ON secret TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE secret, audit_log, outbox, change_log, clock_offset;
      DROP FUNCTION refuse_clock_backwards(), refuse_change(), scope_is_system(), scoped_organization_id();
      REVOKE USAGE ON SCHEMA public FROM tollgate_app;
    `);
  }
}
