import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Payments that the bank of a card asks back. While it decides, the money stays in the books as disputed; lost, finance decides
 * once what becomes of the claim, and then the payment is taken back by one below zero. The database keeps the two together.
 */
export class CreateDisputes1764201722001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Suspends the subscriptions of an organization that disputes a payment.
      ALTER TABLE seller ADD COLUMN suspend_on_dispute boolean NOT NULL DEFAULT false;

      CREATE TABLE dispute (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        invoice_id uuid NOT NULL,
        payment_id uuid NOT NULL,
        provider_dispute_id text NOT NULL,
        provider_url text NOT NULL,
        currency text NOT NULL,
        -- What of the payment is disputed.
        amount_minor bigint NOT NULL,
        is_inquiry boolean NOT NULL,
        state text NOT NULL,
        -- In the words of the provider.
        reason text NOT NULL,
        evidence_due_at timestamptz,
        opened_at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        -- When the provider was seen to have taken the money, and to have given it back.
        withdrawn_at timestamptz,
        reinstated_at timestamptz,
        closed_at timestamptz,
        -- What becomes of the claim of one that is lost: proposed, then decided once.
        resolution text,
        resolution_reason text,
        proposed_by text,
        proposed_at timestamptz,
        decided_by text,
        decided_at timestamptz,
        CONSTRAINT dispute_pk PRIMARY KEY (id),
        CONSTRAINT dispute_organization_key UNIQUE (organization_id, id),
        CONSTRAINT dispute_provider_dispute_key UNIQUE (provider_dispute_id),
        CONSTRAINT dispute_invoice_fk FOREIGN KEY (organization_id, invoice_id) REFERENCES invoice (organization_id, id),
        CONSTRAINT dispute_payment_fk FOREIGN KEY (organization_id, payment_id) REFERENCES payment (organization_id, id),
        CONSTRAINT dispute_over_money CHECK (amount_minor > 0),
        CONSTRAINT dispute_state_known CHECK (state IN ('needs_response', 'under_review', 'won', 'lost', 'closed')),
        CONSTRAINT dispute_closed_at_of_state CHECK ((closed_at IS NOT NULL) = (state IN ('won', 'lost', 'closed'))),
        CONSTRAINT dispute_lost_is_withdrawn CHECK (state <> 'lost' OR (withdrawn_at IS NOT NULL AND reinstated_at IS NULL)),
        CONSTRAINT dispute_reinstated_after_withdrawn CHECK (reinstated_at IS NULL OR withdrawn_at IS NOT NULL),
        CONSTRAINT dispute_resolution_known CHECK (resolution IN ('reopened', 'written_off')),
        CONSTRAINT dispute_resolution_whole CHECK (
          num_nulls(resolution, resolution_reason, proposed_by, proposed_at) IN (0, 4) AND resolution_reason <> ''
          AND num_nulls(decided_by, decided_at) IN (0, 2) AND (decided_at IS NULL OR resolution IS NOT NULL)),
        CONSTRAINT dispute_written_off_by_two CHECK (resolution <> 'written_off' OR decided_by <> proposed_by)
      );
      CREATE INDEX dispute_invoice_idx ON dispute (invoice_id);
      CREATE INDEX dispute_payment_idx ON dispute (payment_id);
      CREATE INDEX dispute_unresolved_idx ON dispute (organization_id)
        WHERE closed_at IS NULL OR (state = 'lost' AND decided_at IS NULL);
      CREATE FUNCTION guard_dispute() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' THEN
          RAISE EXCEPTION 'dispute % is never deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF (NEW.id, NEW.organization_id, NEW.invoice_id, NEW.payment_id, NEW.provider_dispute_id, NEW.currency, NEW.recorded_at)
           IS DISTINCT FROM
           (OLD.id, OLD.organization_id, OLD.invoice_id, OLD.payment_id, OLD.provider_dispute_id, OLD.currency, OLD.recorded_at)
           OR NEW.withdrawn_at IS DISTINCT FROM coalesce(OLD.withdrawn_at, NEW.withdrawn_at)
           OR NEW.reinstated_at IS DISTINCT FROM coalesce(OLD.reinstated_at, NEW.reinstated_at)
           OR (OLD.withdrawn_at IS NOT NULL AND NEW.amount_minor <> OLD.amount_minor) THEN
          RAISE EXCEPTION 'dispute %: what it is of, and when its money went and came, is fixed', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF OLD.decided_at IS NOT NULL AND
           (NEW.resolution, NEW.resolution_reason, NEW.proposed_by, NEW.proposed_at, NEW.decided_by, NEW.decided_at)
           IS DISTINCT FROM
           (OLD.resolution, OLD.resolution_reason, OLD.proposed_by, OLD.proposed_at, OLD.decided_by, OLD.decided_at) THEN
          RAISE EXCEPTION 'dispute % was decided on: %', OLD.id, OLD.resolution USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF OLD.decided_at IS NULL AND NEW.decided_at IS NOT NULL AND NEW.state <> 'lost' THEN
          RAISE EXCEPTION 'dispute % is %: only a lost one is decided on', OLD.id, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER dispute_guard BEFORE UPDATE OR DELETE ON dispute FOR EACH ROW EXECUTE FUNCTION guard_dispute();
      ALTER TABLE dispute ENABLE ROW LEVEL SECURITY;
      CREATE POLICY dispute_scope ON dispute
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON dispute TO tollgate_app;

      ALTER TABLE payment
        ADD COLUMN dispute_id uuid,
        ADD CONSTRAINT payment_dispute_fk FOREIGN KEY (organization_id, dispute_id) REFERENCES dispute (organization_id, id),
        DROP CONSTRAINT payment_method_known,
        DROP CONSTRAINT payment_taken_back_by_transfer,
        ADD CONSTRAINT payment_method_known CHECK (method IN ('card', 'transfer', 'out_of_band', 'chargeback')),
        ADD CONSTRAINT payment_taken_back_by CHECK (amount_minor >= 0 OR method IN ('transfer', 'chargeback')),
        ADD CONSTRAINT payment_dispute_of_chargeback CHECK ((method = 'chargeback') = (dispute_id IS NOT NULL));
      -- Taken back once, and given again once if the bank changes its mind.
      CREATE UNIQUE INDEX payment_dispute_key ON payment (dispute_id, sign(amount_minor::numeric)) WHERE dispute_id IS NOT NULL;

      -- When all is written: the payment is taken back by a decision, as long as the money did not come back.
      CREATE FUNCTION require_chargeback(of_dispute uuid) RETURNS void LANGUAGE plpgsql AS $$
      DECLARE decided dispute; taken bigint;
      BEGIN
        SELECT * INTO decided FROM dispute WHERE id = of_dispute;
        SELECT coalesce(sum(amount_minor), 0) INTO taken FROM payment WHERE dispute_id = of_dispute;
        IF taken <> (CASE WHEN decided.decided_at IS NOT NULL AND decided.reinstated_at IS NULL THEN -decided.amount_minor ELSE 0 END) THEN
          RAISE EXCEPTION 'dispute % over % is %, decided on %, and % of its payment is taken back', of_dispute,
            decided.amount_minor, decided.state, decided.decided_at, taken USING ERRCODE = 'integrity_constraint_violation';
        END IF;
      END $$;
      CREATE FUNCTION settle_dispute() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM require_chargeback(CASE TG_TABLE_NAME WHEN 'dispute' THEN to_jsonb(NEW)->>'id' ELSE to_jsonb(NEW)->>'dispute_id' END::uuid);
        RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER dispute_settled AFTER INSERT OR UPDATE ON dispute DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION settle_dispute();
      CREATE CONSTRAINT TRIGGER payment_of_dispute AFTER INSERT ON payment DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.dispute_id IS NOT NULL) EXECUTE FUNCTION settle_dispute();

      ALTER TABLE invoice
        -- What banks have taken back of its payments: no card is charged for the rest of it.
        ADD COLUMN charged_back_minor bigint NOT NULL DEFAULT 0,
        ADD CONSTRAINT invoice_charged_back_not_negative CHECK (charged_back_minor >= 0);
      CREATE FUNCTION guard_charged_back() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.charged_back_minor <> OLD.charged_back_minor AND NEW.charged_back_minor <>
           (SELECT -coalesce(sum(amount_minor), 0) FROM payment WHERE invoice_id = NEW.id AND method = 'chargeback') THEN
          RAISE EXCEPTION 'invoice %: only its state and payment may change, and % of it was not charged back', OLD.id,
            NEW.charged_back_minor USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER invoice_charged_back_guard BEFORE UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION guard_charged_back();
      CREATE OR REPLACE FUNCTION add_payment() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE invoice SET paid_minor = paid_minor + NEW.amount_minor,
          charged_back_minor = charged_back_minor - CASE NEW.method WHEN 'chargeback' THEN NEW.amount_minor ELSE 0 END
          WHERE id = NEW.invoice_id;
        RETURN NULL;
      END $$;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DO $$ BEGIN
        IF EXISTS (SELECT FROM dispute) THEN
          RAISE EXCEPTION 'there are disputes: without their rows it cannot be told where the money is';
        END IF;
      END $$;
      CREATE OR REPLACE FUNCTION add_payment() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE invoice SET paid_minor = paid_minor + NEW.amount_minor WHERE id = NEW.invoice_id;
        RETURN NULL;
      END $$;
      DROP TRIGGER invoice_charged_back_guard ON invoice;
      DROP FUNCTION guard_charged_back();
      ALTER TABLE invoice DROP COLUMN charged_back_minor;
      DROP TRIGGER payment_of_dispute ON payment;
      DROP INDEX payment_dispute_key;
      ALTER TABLE payment
        DROP CONSTRAINT payment_dispute_of_chargeback,
        DROP CONSTRAINT payment_taken_back_by,
        DROP CONSTRAINT payment_method_known,
        DROP CONSTRAINT payment_dispute_fk,
        DROP COLUMN dispute_id,
        ADD CONSTRAINT payment_method_known CHECK (method IN ('card', 'transfer', 'out_of_band')),
        ADD CONSTRAINT payment_taken_back_by_transfer CHECK (amount_minor >= 0 OR method = 'transfer');
      DROP TABLE dispute;
      DROP FUNCTION settle_dispute();
      DROP FUNCTION require_chargeback(uuid);
      DROP FUNCTION guard_dispute();
      ALTER TABLE seller DROP COLUMN suspend_on_dispute;
    `);
  }
}
