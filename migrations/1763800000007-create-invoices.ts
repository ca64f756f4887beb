import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invoices with lines, what was paid, and what the payment provider told us. */
export class CreateInvoices1763800000007 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- The legal entity that invoices; its numbers have no gaps because issuing locks this row.
      CREATE TABLE seller (
        id boolean NOT NULL DEFAULT true,
        name text NOT NULL,
        address_lines text[] NOT NULL,
        tax_id text,
        invoice_prefix text NOT NULL,
        last_invoice_sequence bigint NOT NULL,
        CONSTRAINT seller_pk PRIMARY KEY (id),
        CONSTRAINT seller_single CHECK (id),
        CONSTRAINT seller_prefix_form CHECK (invoice_prefix ~ '^[A-Z0-9]{1,12}$')
      );
      INSERT INTO seller (name, address_lines, invoice_prefix, last_invoice_sequence) VALUES ('Tollgate', '{}', 'INV', 0);
      GRANT SELECT, UPDATE ON seller TO tollgate_app;

      CREATE TABLE invoice (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        subscription_id uuid NOT NULL,
        period_start timestamptz NOT NULL,
        period_end timestamptz NOT NULL,
        mode text NOT NULL DEFAULT 'live',
        state text NOT NULL,
        number text,
        currency text NOT NULL,
        subtotal_minor bigint NOT NULL,
        tax_minor bigint NOT NULL,
        total_minor bigint NOT NULL,
        rating_hash text NOT NULL,
        generation integer NOT NULL DEFAULT 1,
        attempt integer NOT NULL DEFAULT 1,
        provider_invoice_id text,
        hosted_url text,
        failure_code text,
        failure_message text,
        failed_at timestamptz,
        created_at timestamptz NOT NULL,
        issued_at timestamptz,
        paid_at timestamptz,
        CONSTRAINT invoice_pk PRIMARY KEY (id),
        CONSTRAINT invoice_organization_key UNIQUE (organization_id, id),
        CONSTRAINT invoice_number_key UNIQUE (number),
        CONSTRAINT invoice_period_key UNIQUE (subscription_id, period_start),
        CONSTRAINT invoice_provider_key UNIQUE (provider_invoice_id),
        CONSTRAINT invoice_subscription_fk FOREIGN KEY (organization_id, subscription_id)
          REFERENCES subscription (organization_id, id),
        CONSTRAINT invoice_period_fk FOREIGN KEY (subscription_id, period_start, mode)
          REFERENCES billing_period (subscription_id, starts_at, mode),
        CONSTRAINT invoice_live CHECK (mode = 'live'),
        CONSTRAINT invoice_state_known CHECK (state IN ('draft', 'issued', 'paid', 'past_due', 'void')),
        CONSTRAINT invoice_total_adds_up CHECK (total_minor = subtotal_minor + tax_minor),
        CONSTRAINT invoice_not_negative CHECK (subtotal_minor >= 0 AND tax_minor >= 0),
        CONSTRAINT invoice_number_when_money CHECK (state = 'draft' OR (number IS NOT NULL) = (total_minor > 0)),
        CONSTRAINT invoice_issued_at_set CHECK ((state = 'draft') = (issued_at IS NULL)),
        CONSTRAINT invoice_failure_whole CHECK (num_nulls(failure_code, failure_message, failed_at) IN (0, 3)),
        CONSTRAINT invoice_currency_form CHECK (currency ~ '^[A-Z]{3}$')
      );
      CREATE INDEX invoice_unsettled_idx ON invoice (id) WHERE state IN ('issued', 'past_due');
      CREATE INDEX invoice_organization_idx ON invoice (organization_id, id DESC);
      CREATE FUNCTION guard_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE line_total bigint;
      BEGIN
        IF TG_OP = 'DELETE' THEN
          RAISE EXCEPTION 'invoice % is never deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF OLD.state <> 'draft' AND
           (NEW.id, NEW.organization_id, NEW.subscription_id, NEW.period_start, NEW.period_end, NEW.number, NEW.currency,
            NEW.subtotal_minor, NEW.tax_minor, NEW.total_minor, NEW.rating_hash, NEW.created_at, NEW.issued_at)
           IS DISTINCT FROM
           (OLD.id, OLD.organization_id, OLD.subscription_id, OLD.period_start, OLD.period_end, OLD.number, OLD.currency,
            OLD.subtotal_minor, OLD.tax_minor, OLD.total_minor, OLD.rating_hash, OLD.created_at, OLD.issued_at) THEN
          RAISE EXCEPTION 'invoice % is issued: only its state and payment may change', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF OLD.state <> 'draft' AND NEW.state = 'draft' THEN
          RAISE EXCEPTION 'invoice % is issued and stays so', OLD.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF OLD.state = 'draft' AND NEW.state <> 'draft' THEN
          SELECT coalesce(sum(amount_minor), 0) INTO line_total FROM invoice_line WHERE invoice_id = NEW.id;
          IF line_total <> NEW.subtotal_minor THEN
            RAISE EXCEPTION 'invoice %: the lines add up to %, the subtotal says %', NEW.id, line_total, NEW.subtotal_minor
              USING ERRCODE = 'integrity_constraint_violation';
          END IF;
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER invoice_guard BEFORE UPDATE OR DELETE ON invoice FOR EACH ROW EXECUTE FUNCTION guard_invoice();
      ALTER TABLE invoice ENABLE ROW LEVEL SECURITY;
      CREATE POLICY invoice_scope ON invoice
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT, UPDATE ON invoice TO tollgate_app;

      CREATE TABLE invoice_line (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        invoice_id uuid NOT NULL,
        position integer NOT NULL,
        kind text NOT NULL,
        subscription_id uuid NOT NULL,
        -- The period whose usage it charges: the invoice's own, or an earlier one for a late line.
        period_start timestamptz NOT NULL,
        mode text NOT NULL DEFAULT 'live',
        phase_id uuid NOT NULL,
        plan_version_id uuid NOT NULL,
        meter text,
        description text NOT NULL,
        quantity numeric(38, 12) NOT NULL,
        unrounded_amount numeric NOT NULL,
        amount_minor bigint NOT NULL,
        breakdown jsonb NOT NULL,
        input_hash text NOT NULL,
        CONSTRAINT invoice_line_pk PRIMARY KEY (id),
        CONSTRAINT invoice_line_position_key UNIQUE (invoice_id, position),
        CONSTRAINT invoice_line_invoice_fk FOREIGN KEY (organization_id, invoice_id) REFERENCES invoice (organization_id, id),
        CONSTRAINT invoice_line_period_fk FOREIGN KEY (subscription_id, period_start, mode)
          REFERENCES billing_period (subscription_id, starts_at, mode),
        CONSTRAINT invoice_line_plan_version_fk FOREIGN KEY (plan_version_id) REFERENCES plan_version (id),
        CONSTRAINT invoice_line_live CHECK (mode = 'live'),
        CONSTRAINT invoice_line_kind_known CHECK (kind IN ('fixed_fee', 'usage', 'late_usage')),
        CONSTRAINT invoice_line_meter_set CHECK ((kind = 'fixed_fee') = (meter IS NULL))
      );
      CREATE INDEX invoice_line_period_idx ON invoice_line (subscription_id, period_start);
      CREATE FUNCTION guard_invoice_line() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE invoice_state text;
      BEGIN
        SELECT state INTO invoice_state FROM invoice WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.invoice_id ELSE NEW.invoice_id END;
        IF TG_OP <> 'INSERT' OR invoice_state <> 'draft' THEN
          RAISE EXCEPTION 'the lines of invoice % are fixed', CASE TG_OP WHEN 'DELETE' THEN OLD.invoice_id ELSE NEW.invoice_id END
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER invoice_line_guard BEFORE INSERT OR UPDATE OR DELETE ON invoice_line
        FOR EACH ROW EXECUTE FUNCTION guard_invoice_line();
      ALTER TABLE invoice_line ENABLE ROW LEVEL SECURITY;
      CREATE POLICY invoice_line_scope ON invoice_line
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON invoice_line TO tollgate_app;

      CREATE TABLE payment (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        invoice_id uuid NOT NULL,
        provider_payment_id text NOT NULL,
        attempt integer NOT NULL,
        state text NOT NULL,
        amount_minor bigint NOT NULL,
        currency text NOT NULL,
        failure_code text,
        failure_message text,
        created_at timestamptz NOT NULL,
        CONSTRAINT payment_pk PRIMARY KEY (id),
        CONSTRAINT payment_invoice_fk FOREIGN KEY (organization_id, invoice_id) REFERENCES invoice (organization_id, id),
        CONSTRAINT payment_state_known CHECK (state IN ('succeeded', 'failed'))
      );
      -- A payment at the provider fails once an attempt, and succeeds once.
      CREATE UNIQUE INDEX payment_succeeded_idx ON payment (provider_payment_id) WHERE state = 'succeeded';
      CREATE UNIQUE INDEX payment_failed_idx ON payment (provider_payment_id, attempt) WHERE state = 'failed';
      CREATE INDEX payment_invoice_idx ON payment (invoice_id);
      CREATE TRIGGER payment_append_only BEFORE UPDATE OR DELETE ON payment FOR EACH ROW EXECUTE FUNCTION refuse_change();
      ALTER TABLE payment ENABLE ROW LEVEL SECURITY;
      CREATE POLICY payment_scope ON payment
        USING ((SELECT scope_is_system()) OR organization_id = (SELECT scoped_organization_id()));
      GRANT SELECT, INSERT ON payment TO tollgate_app;

      CREATE TABLE webhook_inbox (
        event_id text NOT NULL,
        type text NOT NULL,
        object_id text,
        provider_customer_id text,
        received_at timestamptz NOT NULL,
        processed_at timestamptz,
        CONSTRAINT webhook_inbox_pk PRIMARY KEY (event_id)
      );
      CREATE INDEX webhook_inbox_customer_idx ON webhook_inbox (provider_customer_id, received_at);
      GRANT SELECT, INSERT, UPDATE ON webhook_inbox TO tollgate_app;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE webhook_inbox, payment, invoice_line, invoice, seller;
      DROP FUNCTION guard_invoice_line(), guard_invoice();
    `);
  }
}
