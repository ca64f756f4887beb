import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who has had the trial of a product, by keyed hashes that say nothing about them and stay when they go; and further trials. */
export class ClaimTrials1764201750002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE trial_claim (
        api_product_id uuid NOT NULL,
        kind text NOT NULL,
        -- HMAC-SHA-256 of the mailbox or the card, with a pepper.
        subject_hash bytea NOT NULL,
        subscription_id uuid NOT NULL,
        claimed_at timestamptz NOT NULL,
        CONSTRAINT trial_claim_pk PRIMARY KEY (api_product_id, kind, subject_hash),
        CONSTRAINT trial_claim_product_fk FOREIGN KEY (api_product_id) REFERENCES api_product (id),
        CONSTRAINT trial_claim_subscription_fk FOREIGN KEY (subscription_id) REFERENCES subscription (id),
        CONSTRAINT trial_claim_kind_known CHECK (kind IN ('person', 'card')),
        CONSTRAINT trial_claim_hash_length CHECK (octet_length(subject_hash) = 32)
      );
      CREATE INDEX trial_claim_subscription_idx ON trial_claim (subscription_id);
      GRANT SELECT, INSERT, DELETE ON trial_claim TO tollgate_app;

      CREATE TABLE trial_grant (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        api_product_id uuid NOT NULL,
        reason text NOT NULL,
        actor_kind text NOT NULL,
        actor_id text,
        created_at timestamptz NOT NULL,
        -- Null until the trial has begun.
        subscription_id uuid,
        CONSTRAINT trial_grant_pk PRIMARY KEY (id),
        CONSTRAINT trial_grant_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id),
        CONSTRAINT trial_grant_product_fk FOREIGN KEY (api_product_id) REFERENCES api_product (id),
        CONSTRAINT trial_grant_subscription_fk FOREIGN KEY (subscription_id) REFERENCES subscription (id),
        CONSTRAINT trial_grant_reason_present CHECK (length(trim(reason)) > 0)
      );
      CREATE UNIQUE INDEX trial_grant_open_key ON trial_grant (organization_id, api_product_id) WHERE subscription_id IS NULL;
      ALTER TABLE trial_grant ENABLE ROW LEVEL SECURITY;
      CREATE POLICY trial_grant_scope ON trial_grant
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON trial_grant TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE trial_grant, trial_claim');
  }
}
