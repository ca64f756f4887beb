import type { Client } from 'pg';

/**
 * Where the template keeps what a used database is compared with; apart from the schemas that tests look at.
 */
const SCHEMA = 'test_support';

/** The tables that a migrated database has rows in, but for the list of migrations. */
const SEEDED = ['clock_offset', 'report_counter', 'seller'];

/**
 * Makes a migrated database one that its copies can be taken back to: it remembers the rows that it comes with, and notes every
 * later change of its schema but temporary tables and the days of the ledger.
 */
export async function prepareForReset(superuser: Client): Promise<void> {
  const filled = (await tablesWithPages(superuser)).map(({ name }) => name);
  if (filled.length > 0)
    throw new Error(`Migrations put rows in ${filled.join(', ')}: name it in SEEDED of ${import.meta.filename}.`);
  await superuser.query(`
    CREATE SCHEMA ${SCHEMA};
    ${SEEDED.map((table) => `CREATE TABLE ${SCHEMA}.${table} AS TABLE public.${table};`).join('\n')}
    CREATE TABLE ${SCHEMA}.schema_change (command text NOT NULL);
    CREATE FUNCTION ${SCHEMA}.note_change() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER
      SET search_path = pg_catalog AS $$
    BEGIN
      INSERT INTO ${SCHEMA}.schema_change SELECT command_tag FROM pg_event_trigger_ddl_commands()
      WHERE schema_name IS DISTINCT FROM 'pg_temp' AND current_query() NOT LIKE '%ensure_usage_event_partitions(%';
    END $$;
    CREATE FUNCTION ${SCHEMA}.note_drop() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER
      SET search_path = pg_catalog AS $$
    BEGIN
      INSERT INTO ${SCHEMA}.schema_change SELECT tg_tag FROM pg_event_trigger_dropped_objects()
      WHERE original AND NOT is_temporary AND object_identity !~ '^public\\.usage_event_2';
    END $$;
    CREATE EVENT TRIGGER note_change ON ddl_command_end EXECUTE FUNCTION ${SCHEMA}.note_change();
    CREATE EVENT TRIGGER note_drop ON sql_drop EXECUTE FUNCTION ${SCHEMA}.note_drop();
    ALTER EVENT TRIGGER note_change ENABLE ALWAYS;
    ALTER EVENT TRIGGER note_drop ENABLE ALWAYS;`);
}

/**
 * Takes a copy back to how it came: no row more, no page more, no day of the ledger more. False, with nothing promised about it, when its
 * schema was changed. Rejects when somebody keeps a table for two seconds.
 */
export async function resetDatabase(superuser: Client): Promise<boolean> {
  const [changes] = await rows<{ are: boolean }>(superuser, `SELECT EXISTS (TABLE ${SCHEMA}.schema_change) AS are`);
  if (changes!.are) return false;
  await superuser.query(`SET session_replication_role = replica; SET lock_timeout = '2s'`);
  const days = await rows<{ name: string }>(
    superuser,
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'public.usage_event'::regclass`,
  );
  const used = await tablesWithPages(superuser);
  await superuser.query(
    [
      ...days.map(({ name }) => `DROP TABLE ${name}`),
      ...used.map(({ name }) => `DELETE FROM ${name}`),
      ...SEEDED.map(
        (table) => `DO $$ BEGIN
          IF EXISTS ((TABLE ${table} EXCEPT TABLE ${SCHEMA}.${table}) UNION ALL (TABLE ${SCHEMA}.${table} EXCEPT TABLE ${table})) THEN
            DELETE FROM ${table};
            INSERT INTO ${table} TABLE ${SCHEMA}.${table};
          END IF;
        END $$`,
      ),
    ].join(';\n'),
  );
  // Rows come back in the order in which they are written only where no room of earlier ones is used.
  if (used.length > 0) await superuser.query(`VACUUM (PROCESS_TOAST) ${used.map(({ name }) => name).join(', ')}`);
  return true;
}

/** A table has a page as soon as a row was written to it. */
function tablesWithPages(superuser: Client): Promise<{ name: string }[]> {
  return rows(
    superuser,
    `SELECT oid::regclass::text AS name FROM pg_class
     WHERE relnamespace IN ('public'::regnamespace, 'auth'::regnamespace) AND relkind = 'r' AND NOT relispartition
       AND relname <> ALL ($1) AND pg_relation_size(oid) > 0`,
    [['migration', ...SEEDED]],
  );
}

async function rows<Row extends object>(client: Client, sql: string, parameters: unknown[] = []): Promise<Row[]> {
  return (await client.query<Row>(sql, parameters)).rows;
}
