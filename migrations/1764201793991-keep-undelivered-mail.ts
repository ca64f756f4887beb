import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails that no server took, until somebody sends them again or forgets them. */
export class KeepUndeliveredMail1764201793991 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE undelivered_mail (
        -- Of the mail, which says when it was written.
        id uuid NOT NULL,
        recipient text NOT NULL,
        subject text NOT NULL,
        body_text text NOT NULL,
        body_html text NOT NULL,
        reason text NOT NULL,
        given_up_at timestamptz NOT NULL,
        CONSTRAINT undelivered_mail_pk PRIMARY KEY (id)
      );
      GRANT SELECT, INSERT, DELETE ON undelivered_mail TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE undelivered_mail');
  }
}
