import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A version of an API that nobody has ever seen can be thrown away; every other one stays. */
export class DeleteApiVersionDrafts1764201793830 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE FUNCTION refuse_api_version_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF OLD.state <> 'draft' OR OLD.published_at IS NOT NULL THEN
          RAISE EXCEPTION 'API version % was published: retire it instead', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
      END $$;
      CREATE TRIGGER api_version_deletion BEFORE DELETE ON api_version
        FOR EACH ROW EXECUTE FUNCTION refuse_api_version_deletion();
      GRANT DELETE ON api_version TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      REVOKE DELETE ON api_version FROM tollgate_app;
      DROP TRIGGER api_version_deletion ON api_version;
      DROP FUNCTION refuse_api_version_deletion();
    `);
  }
}
