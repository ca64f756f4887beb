import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a subscription's calls are paid for, and what its owner wants to spend at most. */
export class AddPaymentStateAndMoneyCap1764100000202 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE subscription
        ADD COLUMN payment_state text NOT NULL DEFAULT 'current',
        -- On the usage charges of a period, in minor units of the plan's currency; null for none.
        ADD COLUMN money_cap_minor bigint,
        ADD CONSTRAINT subscription_payment_state_known CHECK (payment_state IN ('current', 'past_due', 'suspended')),
        ADD CONSTRAINT subscription_money_cap_not_negative CHECK (money_cap_minor >= 0);

      -- Units of a priced meter lent to a gateway under a money cap, in millionths: their price is within the cap.
      CREATE TABLE money_lease (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        subscription_id uuid NOT NULL,
        period_start timestamptz NOT NULL,
        -- The phase whose plan version prices the units.
        phase_id uuid NOT NULL,
        meter text NOT NULL,
        -- Null for usage of the time before the cap, which the ledger had when the cap was set.
        gateway_id text,
        gateway_epoch bigint,
        granted_micro bigint NOT NULL,
        used_micro bigint,
        created_at timestamptz NOT NULL,
        settled_at timestamptz,
        CONSTRAINT money_lease_pk PRIMARY KEY (id),
        CONSTRAINT money_lease_subscription_fk FOREIGN KEY (organization_id, subscription_id)
          REFERENCES subscription (organization_id, id),
        CONSTRAINT money_lease_granted_positive CHECK (granted_micro > 0),
        CONSTRAINT money_lease_gateway_whole CHECK (num_nulls(gateway_id, gateway_epoch) IN (0, 2)),
        CONSTRAINT money_lease_used_set CHECK ((used_micro IS NULL) = (settled_at IS NULL)),
        CONSTRAINT money_lease_used_not_negative CHECK (used_micro >= 0)
      );
      CREATE INDEX money_lease_period_idx ON money_lease (subscription_id, period_start);
      CREATE INDEX money_lease_open_idx ON money_lease (gateway_id, gateway_epoch) WHERE settled_at IS NULL;
      ALTER TABLE money_lease ENABLE ROW LEVEL SECURITY;
      CREATE POLICY money_lease_scope ON money_lease
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON money_lease TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE money_lease;
      ALTER TABLE subscription DROP COLUMN payment_state, DROP COLUMN money_cap_minor;
    `);
  }
}
