import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The second factor of a sign-in; column names are better-auth's. Secret and recovery codes are encrypted by it. */
export class AddTwoFactor1764201724001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE auth."user" ADD COLUMN "twoFactorEnabled" boolean NOT NULL DEFAULT false;
      CREATE TABLE auth."twoFactor" (
        "id" text NOT NULL,
        "secret" text NOT NULL,
        "backupCodes" text NOT NULL,
        "userId" text NOT NULL,
        "verified" boolean NOT NULL DEFAULT true,
        "failedVerificationCount" integer NOT NULL DEFAULT 0,
        "lockedUntil" timestamptz,
        CONSTRAINT two_factor_pk PRIMARY KEY ("id"),
        CONSTRAINT two_factor_user_key UNIQUE ("userId"),
        CONSTRAINT two_factor_user_fk FOREIGN KEY ("userId") REFERENCES auth."user" ("id") ON DELETE CASCADE
      );
      GRANT SELECT, INSERT, UPDATE, DELETE ON auth."twoFactor" TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE auth."twoFactor";
      ALTER TABLE auth."user" DROP COLUMN "twoFactorEnabled";
    `);
  }
}
