import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { createOwnerDataSource } from './data-source.js';

/** Of the database: whoever migrates it holds this lock. */
const MIGRATION_LOCK = 1_764_201_793;
const ASK_AGAIN_MS = 250;

/**
 * Runs the migrations that have not run yet, each in a transaction of its own; returns their names. Of several that run on one
 * database at the same time one does the work; the others call `onWait`, once, wait until it has ended, and do what it has not done.
 */
export async function runMigrations(
  ownerUrl: string,
  onWait: () => void = () => undefined,
): Promise<readonly string[]> {
  const dataSource = await createOwnerDataSource(ownerUrl).initialize();
  try {
    return await withMigrationLock(dataSource, onWait, async () => {
      const done = await dataSource.runMigrations();
      return done.map((migration) => migration.name);
    });
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

/**
 * Asks for the lock again and again: a statement that waits for it would keep an old snapshot, for which an index that is built
 * concurrently would wait in turn. The lock ends with its connection, also when the process is killed.
 */
async function withMigrationLock<Result>(
  dataSource: DataSource,
  onWait: () => void,
  work: () => Promise<Result>,
): Promise<Result> {
  const holder = dataSource.createQueryRunner();
  try {
    const isLocked = async () => {
      const [row] = await dataSource.query<{ locked: boolean }[]>(
        'SELECT pg_try_advisory_lock($1) AS locked',
        [MIGRATION_LOCK],
        holder,
      );
      return row!.locked;
    };
    if (!(await isLocked())) {
      onWait();
      do await pause(ASK_AGAIN_MS);
      while (!(await isLocked()));
    }
    try {
      return await work();
    } finally {
      await holder.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } finally {
    await holder.release();
  }
}
