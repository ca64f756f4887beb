import type { MigrationInterface, QueryRunner } from 'typeorm';

/** No invoice comes into being issued: what is checked when it stops being a draft cannot be gone round. */
export class BeginInvoicesAsDrafts1764201660002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE FUNCTION guard_new_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.state <> 'draft' THEN
          RAISE EXCEPTION 'invoice % is %: it must begin as a draft', NEW.id, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER invoice_begins_as_draft BEFORE INSERT ON invoice FOR EACH ROW EXECUTE FUNCTION guard_new_invoice();
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TRIGGER invoice_begins_as_draft ON invoice;
      DROP FUNCTION guard_new_invoice();
    `);
  }
}
