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

/** Undoes every migration, newest first: for tests of `down`. */
export async function revertMigrations(ownerUrl: string): Promise<void> {
  const dataSource = await createOwnerDataSource(ownerUrl).initialize();
  try {
    while ((await dataSource.query<{ count: string }[]>('SELECT count(*) FROM migration'))[0]?.count !== '0') {
      await dataSource.undoLastMigration();
    }
  } finally {
    await dataSource.destroy();
  }
}
