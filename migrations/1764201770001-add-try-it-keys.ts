import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Keys that the documentation makes for trying out a call, and the last two gaps through which the use of a test key could
 * have been billed: days by operation, and a row that says "live" of a test key.
 */
export class AddTryItKeys1764201770001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE credential
        ADD COLUMN is_try_it boolean NOT NULL DEFAULT false,
        ADD CONSTRAINT credential_try_it_short CHECK (NOT is_try_it OR (mode = 'test' AND expires_at IS NOT NULL
          AND expires_at <= created_at + interval '1 hour' AND rotated_from_id IS NULL));

      ALTER TABLE usage_operation_day
        ADD CONSTRAINT usage_operation_day_test_never_billed CHECK (mode = 'live' OR NOT billable);

      -- What a row of usage says of its mode is checked by its own constraint; here, that a key never changes its mode, and
      -- that no row is billed of a test key whatever mode the row has. Bills are made of hours.
      CREATE FUNCTION refuse_change_of_mode() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the key % is a % key for good', OLD.key_id, OLD.mode USING ERRCODE = 'integrity_constraint_violation';
      END $$;
      CREATE TRIGGER credential_mode_kept BEFORE UPDATE ON credential FOR EACH ROW WHEN (OLD.mode <> NEW.mode)
        EXECUTE FUNCTION refuse_change_of_mode();
      CREATE FUNCTION refuse_bill_of_test_key() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE test_key text;
      BEGIN
        SELECT credential.key_id INTO test_key
          FROM (SELECT DISTINCT credential_id FROM changed WHERE billable) AS billed
          JOIN credential ON credential.id = billed.credential_id AND credential.mode = 'test'
          LIMIT 1;
        IF FOUND THEN
          RAISE EXCEPTION 'the use of the test key % is never billed', test_key
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER usage_hour_insert_test AFTER INSERT ON usage_hour REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_bill_of_test_key();
      CREATE TRIGGER usage_hour_update_test AFTER UPDATE ON usage_hour REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_bill_of_test_key();
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TRIGGER usage_hour_insert_test ON usage_hour;
      DROP TRIGGER usage_hour_update_test ON usage_hour;
      DROP TRIGGER credential_mode_kept ON credential;
      DROP FUNCTION refuse_bill_of_test_key(), refuse_change_of_mode();
      ALTER TABLE usage_operation_day DROP CONSTRAINT usage_operation_day_test_never_billed;
      ALTER TABLE credential DROP COLUMN is_try_it;
    `);
  }
}
