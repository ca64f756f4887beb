import { entities, createOwnerDataSource, revertMigrations, runMigrations } from '#persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../support/database.js';

interface CatalogColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

const TYPE_NAMES: Readonly<Record<string, string>> = { timestamptz: 'timestamp with time zone' };

describe('migrations', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.dispose());

  it.each(entities.map((entity) => [entity.name, entity] as const))(
    '%s has exactly the columns of its table',
    async (_, entity) => {
      const metadata = database.dataSource.getMetadata(entity);
      const columns = await database.dataSource.query<CatalogColumn[]>(
        `SELECT column_name AS name, is_nullable = 'YES' AS nullable,
              CASE WHEN data_type = 'ARRAY' THEN substr(udt_name, 2) || '[]' ELSE data_type END AS type
       FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 ORDER BY 1`,
        [metadata.tableName],
      );
      const mapped = metadata.columns
        .map((column) => ({
          name: column.databaseName,
          type: `${TYPE_NAMES[String(column.type)] ?? String(column.type)}${column.isArray ? '[]' : ''}`,
          nullable: column.isNullable,
        }))
        .sort((a, b) => a.name.localeCompare(b.name));
      expect(mapped).toEqual([...columns].sort((a, b) => a.name.localeCompare(b.name)));
    },
  );

  it('names every constraint by hand', async () => {
    const generated = await database.dataSource.query<unknown[]>(
      `SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
       AND conrelid <> 'migration'::regclass AND conname ~ '^(pk|fk|uq|chk)_[0-9a-f]{8}'`,
    );
    expect(generated).toEqual([]);
  });

  it('can be undone to an empty database and run again', async () => {
    await revertMigrations(database.ownerUrl);
    const owner = await createOwnerDataSource(database.ownerUrl).initialize();
    const left = await owner.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> 'migration'`,
    );
    await owner.destroy();
    expect(left).toEqual([]);
    expect((await runMigrations(database.ownerUrl)).length).toBeGreaterThan(5);
  });
});
