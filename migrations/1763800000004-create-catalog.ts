import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is sold: APIs with versions, the products that bundle them, meters and plans. */
export class CreateCatalog1763800000004 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE api (
        id uuid NOT NULL,
        publisher_team_id uuid NOT NULL,
        slug text NOT NULL,
        title text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT api_pk PRIMARY KEY (id),
        CONSTRAINT api_slug_key UNIQUE (slug),
        CONSTRAINT api_publisher_team_fk FOREIGN KEY (publisher_team_id) REFERENCES publisher_team (id)
      );
      GRANT SELECT, INSERT, UPDATE ON api TO tollgate_app;

      CREATE TABLE api_version (
        id uuid NOT NULL,
        api_id uuid NOT NULL,
        name text NOT NULL,
        state text NOT NULL,
        position integer NOT NULL,
        host text,
        base_path text NOT NULL,
        -- Not jsonb, which would lose the order that readers of the documentation see.
        document json NOT NULL,
        document_hash text NOT NULL,
        routes jsonb NOT NULL,
        upstream jsonb NOT NULL,
        upstream_secret_id uuid,
        created_at timestamptz NOT NULL,
        CONSTRAINT api_version_pk PRIMARY KEY (id),
        CONSTRAINT api_version_name_key UNIQUE (api_id, name),
        CONSTRAINT api_version_place_key UNIQUE NULLS NOT DISTINCT (host, base_path),
        CONSTRAINT api_version_api_fk FOREIGN KEY (api_id) REFERENCES api (id),
        CONSTRAINT api_version_secret_fk FOREIGN KEY (upstream_secret_id) REFERENCES secret (id),
        CONSTRAINT api_version_state_known CHECK (state IN ('draft', 'published', 'deprecated', 'retired')),
        CONSTRAINT api_version_base_path_form CHECK (base_path ~ '^/([A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*)?$')
      );
      GRANT SELECT, INSERT, UPDATE ON api_version TO tollgate_app;

      CREATE TABLE api_product (
        id uuid NOT NULL,
        publisher_team_id uuid NOT NULL,
        slug text NOT NULL,
        title text NOT NULL,
        summary text NOT NULL,
        description text NOT NULL,
        position integer NOT NULL,
        test_quota integer NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT api_product_pk PRIMARY KEY (id),
        CONSTRAINT api_product_slug_key UNIQUE (slug),
        CONSTRAINT api_product_publisher_team_fk FOREIGN KEY (publisher_team_id) REFERENCES publisher_team (id),
        CONSTRAINT api_product_test_quota_bounds CHECK (test_quota >= 0)
      );
      GRANT SELECT, INSERT, UPDATE ON api_product TO tollgate_app;

      CREATE TABLE api_product_api (
        api_product_id uuid NOT NULL,
        api_id uuid NOT NULL,
        CONSTRAINT api_product_api_pk PRIMARY KEY (api_product_id, api_id),
        CONSTRAINT api_product_api_product_fk FOREIGN KEY (api_product_id) REFERENCES api_product (id),
        CONSTRAINT api_product_api_api_fk FOREIGN KEY (api_id) REFERENCES api (id)
      );
      GRANT SELECT, INSERT, DELETE ON api_product_api TO tollgate_app;

      CREATE TABLE meter (
        id uuid NOT NULL,
        api_product_id uuid NOT NULL,
        slug text NOT NULL,
        title text NOT NULL,
        unit text NOT NULL,
        aggregation text NOT NULL,
        bindings jsonb NOT NULL,
        CONSTRAINT meter_pk PRIMARY KEY (id),
        CONSTRAINT meter_slug_key UNIQUE (api_product_id, slug),
        CONSTRAINT meter_product_fk FOREIGN KEY (api_product_id) REFERENCES api_product (id),
        CONSTRAINT meter_aggregation_known CHECK (aggregation IN ('sum'))
      );
      GRANT SELECT, INSERT, UPDATE ON meter TO tollgate_app;

      CREATE TABLE plan (
        id uuid NOT NULL,
        api_product_id uuid NOT NULL,
        slug text NOT NULL,
        title text NOT NULL,
        summary text NOT NULL,
        position integer NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT plan_pk PRIMARY KEY (id),
        CONSTRAINT plan_slug_key UNIQUE (api_product_id, slug),
        CONSTRAINT plan_product_key UNIQUE (api_product_id, id),
        CONSTRAINT plan_product_fk FOREIGN KEY (api_product_id) REFERENCES api_product (id)
      );
      GRANT SELECT, INSERT, UPDATE ON plan TO tollgate_app;

      CREATE TABLE plan_version (
        id uuid NOT NULL,
        plan_id uuid NOT NULL,
        number integer NOT NULL,
        state text NOT NULL,
        definition jsonb NOT NULL,
        definition_hash text NOT NULL,
        published_at timestamptz NOT NULL,
        CONSTRAINT plan_version_pk PRIMARY KEY (id),
        CONSTRAINT plan_version_number_key UNIQUE (plan_id, number),
        CONSTRAINT plan_version_plan_fk FOREIGN KEY (plan_id) REFERENCES plan (id),
        CONSTRAINT plan_version_state_known CHECK (state IN ('published', 'retired'))
      );
      CREATE UNIQUE INDEX plan_version_one_published_idx ON plan_version (plan_id) WHERE state = 'published';
      CREATE FUNCTION refuse_plan_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' OR (NEW.id, NEW.plan_id, NEW.number, NEW.definition, NEW.definition_hash, NEW.published_at)
             IS DISTINCT FROM (OLD.id, OLD.plan_id, OLD.number, OLD.definition, OLD.definition_hash, OLD.published_at) THEN
          RAISE EXCEPTION 'plan version % is published: publish a new version instead', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER plan_version_immutable BEFORE UPDATE OR DELETE ON plan_version
        FOR EACH ROW EXECUTE FUNCTION refuse_plan_version_change();
      GRANT SELECT, INSERT, UPDATE ON plan_version TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE plan_version, plan, meter, api_product_api, api_product, api_version, api;
      DROP FUNCTION refuse_plan_version_change();
    `);
  }
}
