import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables that better-auth owns, in a schema of their own; column names are better-auth's. */
export class CreateAuth1763800000002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE SCHEMA auth;
      GRANT USAGE ON SCHEMA auth TO tollgate_app;
      CREATE TABLE auth."user" (
        "id" text NOT NULL,
        "name" text NOT NULL,
        "email" text NOT NULL,
        "emailVerified" boolean NOT NULL,
        "image" text,
        "createdAt" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
        "updatedAt" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
        CONSTRAINT user_pk PRIMARY KEY ("id"),
        CONSTRAINT user_email_key UNIQUE ("email")
      );
      CREATE TABLE auth."session" (
        "id" text NOT NULL,
        "expiresAt" timestamptz NOT NULL,
        "token" text NOT NULL,
        "createdAt" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
        "updatedAt" timestamptz NOT NULL,
        "ipAddress" text,
        "userAgent" text,
        "userId" text NOT NULL,
        CONSTRAINT session_pk PRIMARY KEY ("id"),
        CONSTRAINT session_token_key UNIQUE ("token"),
        CONSTRAINT session_user_fk FOREIGN KEY ("userId") REFERENCES auth."user" ("id") ON DELETE CASCADE
      );
      CREATE INDEX session_user_idx ON auth."session" ("userId");
      CREATE TABLE auth."account" (
        "id" text NOT NULL,
        "accountId" text NOT NULL,
        "providerId" text NOT NULL,
        "userId" text NOT NULL,
        "accessToken" text,
        "refreshToken" text,
        "idToken" text,
        "accessTokenExpiresAt" timestamptz,
        "refreshTokenExpiresAt" timestamptz,
        "scope" text,
        "password" text,
        "createdAt" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
        "updatedAt" timestamptz NOT NULL,
        CONSTRAINT account_pk PRIMARY KEY ("id"),
        CONSTRAINT account_user_fk FOREIGN KEY ("userId") REFERENCES auth."user" ("id") ON DELETE CASCADE
      );
      CREATE INDEX account_user_idx ON auth."account" ("userId");
      CREATE TABLE auth."verification" (
        "id" text NOT NULL,
        "identifier" text NOT NULL,
        "value" text NOT NULL,
        "expiresAt" timestamptz NOT NULL,
        "createdAt" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
        "updatedAt" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
        CONSTRAINT verification_pk PRIMARY KEY ("id")
      );
      CREATE INDEX verification_identifier_idx ON auth."verification" ("identifier");
      CREATE TABLE auth."rateLimit" (
        "id" text NOT NULL,
        "key" text NOT NULL,
        "count" integer NOT NULL,
        "lastRequest" bigint NOT NULL,
        CONSTRAINT rate_limit_pk PRIMARY KEY ("id"),
        CONSTRAINT rate_limit_key_key UNIQUE ("key")
      );
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA auth TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP SCHEMA auth CASCADE`);
  }
}
