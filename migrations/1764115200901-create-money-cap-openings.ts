import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Spending caps that were set in the middle of a period, until the ledger has what was used before. */
export class CreateMoneyCapOpenings1764115200901 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE money_cap_opening (
        subscription_id uuid NOT NULL,
        organization_id uuid NOT NULL,
        -- Gateways that know this change reserve under the cap.
        change_number bigint NOT NULL,
        -- When all of them knew it; null before.
        known_at timestamptz,
        created_at timestamptz NOT NULL,
        CONSTRAINT money_cap_opening_pk PRIMARY KEY (subscription_id),
        CONSTRAINT money_cap_opening_subscription_fk FOREIGN KEY (organization_id, subscription_id)
          REFERENCES subscription (organization_id, id)
      );
      ALTER TABLE money_cap_opening ENABLE ROW LEVEL SECURITY;
      CREATE POLICY money_cap_opening_scope ON money_cap_opening
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE, DELETE ON money_cap_opening TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE money_cap_opening');
  }
}
