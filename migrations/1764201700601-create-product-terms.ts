import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What those who subscribe to a product agree to, version by version, and who agreed to which. */
export class CreateProductTerms1764201700601 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE product_terms (
        id uuid NOT NULL,
        api_product_id uuid NOT NULL,
        version text NOT NULL,
        text text NOT NULL,
        published_at timestamptz NOT NULL,
        CONSTRAINT product_terms_pk PRIMARY KEY (id),
        CONSTRAINT product_terms_version_unique UNIQUE (api_product_id, version),
        CONSTRAINT product_terms_product_fk FOREIGN KEY (api_product_id) REFERENCES api_product (id)
      );
      -- What was accepted cannot change: the application may only add.
      GRANT SELECT, INSERT ON product_terms TO tollgate_app;

      CREATE TABLE terms_acceptance (
        subscription_id uuid NOT NULL,
        product_terms_id uuid NOT NULL,
        organization_id uuid NOT NULL,
        actor_kind text NOT NULL,
        actor_id text,
        accepted_at timestamptz NOT NULL,
        CONSTRAINT terms_acceptance_pk PRIMARY KEY (subscription_id, product_terms_id),
        CONSTRAINT terms_acceptance_subscription_fk FOREIGN KEY (subscription_id) REFERENCES subscription (id),
        CONSTRAINT terms_acceptance_product_terms_fk FOREIGN KEY (product_terms_id) REFERENCES product_terms (id),
        CONSTRAINT terms_acceptance_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id)
      );
      ALTER TABLE terms_acceptance ENABLE ROW LEVEL SECURITY;
      CREATE POLICY terms_acceptance_scope ON terms_acceptance
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON terms_acceptance TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE terms_acceptance, product_terms');
  }
}
