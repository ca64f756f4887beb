import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from './eventually.js';

const program = ['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/opt/homebrew/bin/redis-server'].find(
  (file) => existsSync(file),
);

/** False on a machine without Redis: then its tests are skipped, visibly. */
export const hasRedis = program !== undefined;

/** For the names of tests that need Redis. */
export const HOW_TO_GET_REDIS = 'needs redis-server: apt-get install redis-server, or brew install redis';

export interface TestRedis {
  readonly url: string;
  /** As if the machine lost power: nothing is said to clients. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A Redis of its own on a free port, with what a queue needs: an append-only file, and no eviction. */
export async function startRedis(): Promise<TestRedis> {
  const executable = program;
  if (executable === undefined) throw new Error(HOW_TO_GET_REDIS);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tollgate-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess;

  async function start(): Promise<void> {
    const options = { bind: '127.0.0.1', port, dir: folder, appendonly: 'yes', 'maxmemory-policy': 'noeviction' };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    child = spawn(executable!, [...args, '--save', ''], { stdio: 'ignore' });
    await answers(url);
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => void (await endOf(child, signal));
  await start();
  return {
    url,
    kill: () => end('SIGKILL'),
    restart: start,
    stop: async () => {
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Three nodes on free ports that share the slots, without replicas. `url` is that of one of them. */
export async function startRedisCluster(): Promise<Pick<TestRedis, 'url' | 'stop'>> {
  const executable = program;
  if (executable === undefined) throw new Error(HOW_TO_GET_REDIS);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tollgate-redis-cluster-'));
  const nodes = await Promise.all([0, 1, 2].map(async (index) => startClusterNode(executable, folder, index)));
  const clients = nodes.map(({ port }) => new Redis(port, '127.0.0.1'));
  try {
    await Promise.all(
      clients.map((client, index) =>
        client.cluster('ADDSLOTSRANGE', index * 5462, Math.min(16_383, index * 5462 + 5461)),
      ),
    );
    for (const { port, busPort } of nodes.slice(1))
      await clients[0]!.call('CLUSTER', 'MEET', '127.0.0.1', port, busPort);
    const isWhole = async (client: Redis) => {
      const info = String(await client.cluster('INFO'));
      return info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3');
    };
    await eventually(
      () => Promise.all(clients.map(isWhole)),
      (whole) => whole.every(Boolean),
    );
  } finally {
    for (const client of clients) client.disconnect();
  }
  return {
    url: `redis://127.0.0.1:${nodes[0]!.port}`,
    stop: async () => {
      await Promise.all(nodes.map(({ child }) => endOf(child, 'SIGTERM')));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startClusterNode(executable: string, folder: string, index: number) {
  const [port, busPort] = [await freePort(), await freePort()];
  const dir = path.join(folder, String(index));
  mkdirSync(dir);
  const options = { bind: '127.0.0.1', port, dir, 'cluster-enabled': 'yes', 'cluster-port': busPort };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(executable, [...args, '--save', ''], { stdio: 'ignore' });
  await answers(`redis://127.0.0.1:${port}`);
  return { child, port, busPort };
}

function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  return ended;
}

async function answers(url: string): Promise<void> {
  const client = new Redis(url, { retryStrategy: () => 25, maxRetriesPerRequest: 400 });
  client.on('error', () => {});
  try {
    await client.ping();
  } finally {
    client.disconnect();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
