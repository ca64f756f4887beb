import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which version of the portal's own terms each person has accepted, and when. */
export class AcceptPortalTerms1764201750003 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE portal_terms_acceptance (
        user_id text NOT NULL,
        version text NOT NULL,
        -- Where they were then.
        url text NOT NULL,
        accepted_at timestamptz NOT NULL,
        CONSTRAINT portal_terms_acceptance_pk PRIMARY KEY (user_id, version),
        CONSTRAINT portal_terms_acceptance_user_fk FOREIGN KEY (user_id) REFERENCES auth."user" ("id") ON DELETE CASCADE
      );
      -- What was accepted cannot change: the application may only add.
      GRANT SELECT, INSERT ON portal_terms_acceptance TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE portal_terms_acceptance');
  }
}
