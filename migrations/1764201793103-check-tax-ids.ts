import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a register of tax offices says of the VAT numbers of organizations, where it is asked. */
export class CheckTaxIds1764201793103 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE tax_id_check (
        organization_id uuid NOT NULL,
        country text NOT NULL,
        value text NOT NULL,
        state text NOT NULL DEFAULT 'waiting',
        name text,
        -- Of the consultation.
        reference text,
        checked_at timestamptz,
        -- Without an answer since the last one.
        tries integer NOT NULL DEFAULT 0,
        ask_at timestamptz NOT NULL,
        CONSTRAINT tax_id_check_pk PRIMARY KEY (organization_id, country),
        CONSTRAINT tax_id_check_details_fk FOREIGN KEY (organization_id) REFERENCES billing_details (organization_id),
        CONSTRAINT tax_id_check_state_known CHECK (state IN ('waiting', 'registered', 'unknown')),
        CONSTRAINT tax_id_check_answered CHECK ((state = 'waiting') = (checked_at IS NULL))
      );
      CREATE INDEX tax_id_check_ask_idx ON tax_id_check (ask_at);
      ALTER TABLE tax_id_check ENABLE ROW LEVEL SECURITY;
      CREATE POLICY tax_id_check_scope ON tax_id_check
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE, DELETE ON tax_id_check TO tollgate_app;

      -- What was said of a number goes with it.
      CREATE FUNCTION forget_tax_id_checks() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        DELETE FROM tax_id_check WHERE organization_id = NEW.organization_id AND NOT NEW.tax_ids @>
          jsonb_build_array(jsonb_build_object('country', country, 'value', value));
        RETURN NULL;
      END $$;
      CREATE TRIGGER billing_details_tax_ids_changed AFTER UPDATE OF tax_ids ON billing_details
        FOR EACH ROW EXECUTE FUNCTION forget_tax_id_checks();
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TRIGGER billing_details_tax_ids_changed ON billing_details;
      DROP FUNCTION forget_tax_id_checks();
      DROP TABLE tax_id_check;
    `);
  }
}
