// Roles and database inside a Postgres of which we know the superuser: what an administrator would do by hand.
import pg from 'pg';

/** Runs `work` with a connected client; waits out a server that is still starting or stopping (57P03). */
export async function withClient(url, work) {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on('error', () => {});
    try {
      await client.connect();
    } catch (error) {
      const passing = error.code === '57P03' || error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET';
      if (!passing || performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
      continue;
    }
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }
}

/**
 * Makes the owner of the tables and the application's role able to sign in with `password`, and the database if it is
 * missing. Returns the connection strings of both.
 */
export async function prepareDatabase({ superuserUrl, database, password }) {
  const at = new URL(superuserUrl);
  await withClient(superuserUrl, async (client) => {
    for (const role of ['tollgate_owner', 'tollgate_app']) {
      const known = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
      const verb = known.rowCount === 0 ? 'CREATE' : 'ALTER';
      await client.query(`${verb} ROLE ${role} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
    }
    await client.query('GRANT tollgate_app TO tollgate_owner');
    const exists = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (exists.rowCount === 0) {
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)} OWNER tollgate_owner`);
    }
  });
  at.pathname = `/${database}`;
  await withClient(at.href, (client) => client.query('ALTER SCHEMA public OWNER TO tollgate_owner'));
  const as = (user) => `postgres://${user}:${password}@${at.host}/${database}`;
  return { ownerUrl: as('tollgate_owner'), appUrl: as('tollgate_app') };
}
