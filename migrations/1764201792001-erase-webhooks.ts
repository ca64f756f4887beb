import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deleted organizations get no webhook endpoints, and the audit log says no more where theirs were. */
export class EraseWebhooks1764201792001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ${eraseOrganization("'organization', 'application', 'member', 'invitation', 'credential', 'identity', 'billing_details', 'webhook endpoint'")}
      CREATE TRIGGER organization_not_deleted BEFORE INSERT ON webhook_endpoint
        FOR EACH ROW EXECUTE FUNCTION refuse_deleted_organization();
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TRIGGER organization_not_deleted ON webhook_endpoint;
      ${eraseOrganization("'organization', 'application', 'member', 'invitation', 'credential', 'identity', 'billing_details'")}
    `);
  }
}

/** The function as it was made with deletion, with the nouns whose details name somebody or something. */
function eraseOrganization(nouns: string): string {
  return `
      CREATE OR REPLACE FUNCTION erase_organization(erased uuid) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        IF NOT EXISTS (SELECT FROM organization_deletion
                       WHERE organization_id = erased AND xmin = pg_current_xact_id()::xid) THEN
          RAISE EXCEPTION 'organization % is not being deleted', erased USING ERRCODE = 'check_violation';
        END IF;
        PERFORM set_config('tollgate.erasing', 'on', true);
        UPDATE audit_log SET details = '{}'
          WHERE organization_id = erased AND details <> '{}' AND noun IN (${nouns});
        UPDATE subscription_note SET text = 'Erased with the organization.' WHERE organization_id = erased;
        PERFORM set_config('tollgate.erasing', '', true);
      END $$;`;
}
