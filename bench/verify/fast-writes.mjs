// Settings with which a ledger is filled as fast as the machine allows; none of them is in force when something is measured.
import { spawnSync } from 'node:child_process';

const reloaded = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  autovacuum: 'off',
  max_wal_size: '2GB',
  maintenance_work_mem: '384MB',
  work_mem: '256MB',
};
/** Needs a restart, and stays: nothing that reads depends on it. Tables that a transaction makes and fills are not logged. */
const restarted = { wal_level: 'minimal', max_wal_senders: '0' };

/** Before anything else is in the cluster. */
export async function allowFastWrites(client) {
  for (const [name, value] of Object.entries({ ...reloaded, ...restarted }))
    await client.query(`ALTER SYSTEM SET ${name} = '${value}'`);
}

/** Back to what Postgres does by default, with everything on disk. */
export async function endFastWrites(client) {
  for (const name of Object.keys(reloaded)) await client.query(`ALTER SYSTEM RESET ${name}`);
  await client.query('SELECT pg_reload_conf()');
  await client.query('CHECKPOINT');
  spawnSync('sync');
}
