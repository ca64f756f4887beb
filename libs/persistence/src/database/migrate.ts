import { createOwnerDataSource } from './data-source.js';

/** Runs the migrations that have not run yet, each in a transaction of its own; returns their names. */
export async function runMigrations(ownerUrl: string): Promise<readonly string[]> {
  const dataSource = await createOwnerDataSource(ownerUrl).initialize();
  try {
    const done = await dataSource.runMigrations();
    return done.map((migration) => migration.name);
  } finally {
    await dataSource.destroy();
  }
}

/** Undoes every migration after the one that is named, or all, newest first: for tests of `down`. */
export async function revertMigrations(ownerUrl: string, after: string | null = null): Promise<void> {
  const dataSource = await createOwnerDataSource(ownerUrl).initialize();
  try {
    for (;;) {
      const [last] = await dataSource.query<{ name: string }[]>('SELECT name FROM migration ORDER BY id DESC LIMIT 1');
      if (!last || last.name === after) return;
      await dataSource.undoLastMigration();
    }
  } finally {
    await dataSource.destroy();
  }
}

/** The names of migrations that have not run yet, in order. */
export async function pendingMigrations(ownerUrl: string): Promise<readonly string[]> {
  const dataSource = await createOwnerDataSource(ownerUrl).initialize();
  try {
    const known = await dataSource.query<{ exists: boolean }[]>(
      `SELECT to_regclass('migration') IS NOT NULL AS exists`,
    );
    const ran = known[0]?.exists ? await dataSource.query<{ name: string }[]>('SELECT name FROM migration') : [];
    const names = new Set(ran.map((row) => row.name));
    return dataSource.migrations
      .map((migration) => migration.name ?? migration.constructor.name)
      .filter((name) => !names.has(name));
  } finally {
    await dataSource.destroy();
  }
}
