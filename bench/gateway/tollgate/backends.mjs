import fs from 'node:fs';
import pg from 'pg';

/**
 * The pids of the Postgres backends that serve these processes: a backend's client port is the local port of one of the
 * process's sockets.
 */
export async function backendsOf(pids, superuserUrl) {
  const ports = localPorts(new Set(pids.flatMap(socketInodes)));
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const { rows } = await client.query('SELECT pid, client_port FROM pg_stat_activity WHERE client_port > 0');
    return rows.filter((row) => ports.has(row.client_port)).map(({ pid }) => pid);
  } finally {
    await client.end();
  }
}

function socketInodes(pid) {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
      const target = linkOf(`/proc/${pid}/fd/${descriptor}`);
      return target.startsWith('socket:[') ? [target.slice(8, -1)] : [];
    });
  } catch {
    return [];
  }
}

function linkOf(file) {
  try {
    return fs.readlinkSync(file);
  } catch {
    return '';
  }
}

/** /proc/net/tcp: sl, local address as hexadecimal `address:port`, …; the tenth field is the inode. */
function localPorts(inodes) {
  const rows = fs.readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1);
  const fields = rows.map((row) => row.trim().split(/\s+/));
  return new Set(fields.filter((row) => inodes.has(row[9])).map((row) => parseInt(row[1].split(':')[1], 16)));
}
