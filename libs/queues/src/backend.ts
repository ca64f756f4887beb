import {
  type JobType,
  type RedisOptions,
  Queue,
  type QueueOptions,
  Worker,
  type WorkerOptions,
  createPostgresBackend,
  withBackend,
} from 'bullmq';
import type { PostgresPoolConfig } from 'bullmq';

/** The schema that BullMQ's tables live in; the owner of the tables makes it, see `migrateQueueSchema`. */
export const QUEUE_SCHEMA = 'bullmq';

/** What BullMQ on Postgres counts the waiting jobs of a paused queue as; on Redis there are none of them. Its types do not name it. */
export const PAUSED_JOBS = 'paused' as JobType;

/** Keeps all keys of Tollgate in one slot of a Redis Cluster. */
const REDIS_PREFIX = '{tollgate}';
const APPLICATION_ROLE = 'tollgate_app';
const CONNECT_TIMEOUT_MS = 5_000;
const COMMAND_TIMEOUT_MS = 5_000;
const QUERY_TIMEOUT_MS = 15_000;

const onPostgres = withBackend(createPostgresBackend);

/** BullMQ's queue on the server that the URL names: `redis:`, `rediss:`, `postgres:` or `postgresql:`. */
export function openQueue(name: string, queueUrl: string): Queue {
  const options: Omit<QueueOptions, 'connection'> = { prefix: REDIS_PREFIX };
  if (isPostgres(queueUrl)) {
    return new onPostgres.Queue(name, {
      ...options,
      connection: postgresOptions(queueUrl, name, 2),
    }) as unknown as Queue;
  }
  // A producer fails soon rather than waiting for a server that is away; a consumer must wait.
  const connection = { ...redisOptions(queueUrl), maxRetriesPerRequest: 1, commandTimeout: COMMAND_TIMEOUT_MS };
  return new Queue(name, { ...options, connection });
}

/** BullMQ's worker on the server that the URL names; it does not run yet. */
export function openWorker(
  name: string,
  queueUrl: string,
  processor: ConstructorParameters<typeof Worker>[1],
  options: Omit<WorkerOptions, 'connection' | 'autorun' | 'prefix'>,
): Worker {
  const all = { ...options, autorun: false, prefix: REDIS_PREFIX };
  if (isPostgres(queueUrl)) {
    return new onPostgres.Worker(name, processor, {
      ...all,
      connection: postgresOptions(queueUrl, name, 4),
    }) as unknown as Worker;
  }
  return new Worker(name, processor, { ...all, connection: redisOptions(queueUrl) });
}

export function isPostgres(queueUrl: string): boolean {
  return queueUrl.startsWith('postgres:') || queueUrl.startsWith('postgresql:');
}

/** Without `migrate`: the schema is only verified, as the application's role may not change it. */
function postgresOptions(queueUrl: string, name: string, poolSize: number): PostgresPoolConfig {
  return {
    connectionString: queueUrl,
    schema: QUEUE_SCHEMA,
    max: poolSize,
    application_name: `tollgate-queue-${name}`,
    options: `-c role=${APPLICATION_ROLE} -c timezone=UTC -c statement_timeout=${QUERY_TIMEOUT_MS}`,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
  } as PostgresPoolConfig;
}

function redisOptions(queueUrl: string): RedisOptions {
  const at = new URL(queueUrl);
  return {
    host: at.hostname.replace(/^\[|\]$/g, ''),
    port: Number(at.port || 6379),
    ...(at.username ? { username: decodeURIComponent(at.username) } : {}),
    ...(at.password ? { password: decodeURIComponent(at.password) } : {}),
    db: Number(at.pathname.slice(1) || 0),
    ...(at.protocol === 'rediss:' ? { tls: { servername: at.hostname } } : {}),
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (times: number) => Math.min(times * 100, 1_000),
  };
}
