import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names that an application has elsewhere: in the tokens of an issuer, and in client certificates. */
export class CreateApplicationIdentities1764100000501 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE application_identity (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        application_id uuid NOT NULL,
        kind text NOT NULL,
        issuer text NOT NULL,
        value text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT application_identity_pk PRIMARY KEY (id),
        CONSTRAINT application_identity_value_key UNIQUE (kind, issuer, value),
        CONSTRAINT application_identity_application_fk FOREIGN KEY (organization_id, application_id)
          REFERENCES application (organization_id, id),
        CONSTRAINT application_identity_kind_known CHECK (kind IN ('jwt', 'mtls')),
        CONSTRAINT application_identity_issuer_of_jwt CHECK ((kind = 'jwt') = (issuer <> '')),
        CONSTRAINT application_identity_value_length CHECK (length(value) BETWEEN 1 AND 1000)
      );
      CREATE INDEX application_identity_application_idx ON application_identity (application_id);
      ALTER TABLE application_identity ENABLE ROW LEVEL SECURITY;
      CREATE POLICY application_identity_scope ON application_identity
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, DELETE ON application_identity TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE application_identity');
  }
}
