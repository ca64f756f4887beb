import path from 'node:path';
import { DataSource } from 'typeorm';
import { entities } from '../entities.js';
import { SnakeCaseNaming } from './naming.js';

const APPLICATION_ROLE = 'tollgate_app';

export interface DatabaseOptions {
  readonly url: string;
  /** Connections at most; each process has its own pool. */
  readonly poolSize?: number;
  /** Shown in pg_stat_activity. */
  readonly processName: string;
  /** How long a query may wait for its answer before it fails; without it a server that vanished is noticed late. */
  readonly queryTimeoutMs?: number;
  /** False for connections that know no entities: describing them takes a start some 20 ms. Default true. */
  readonly hasEntities?: boolean;
}

/**
 * A pool that works as the application's role, which owns no table: whoever logs in becomes it at once.
 * Call `initialize()` before use. Statements end after 30 s; lock waits too.
 */
export function createDataSource(options: DatabaseOptions): DataSource {
  const { url, poolSize = 10, processName, queryTimeoutMs, hasEntities = true } = options;
  return new DataSource({
    type: 'postgres',
    url,
    entities: hasEntities ? [...entities] : [],
    namingStrategy: new SnakeCaseNaming(),
    synchronize: false,
    poolSize,
    applicationName: `tollgate-${processName}`,
    connectTimeoutMS: 5_000,
    extra: {
      options: `-c role=${APPLICATION_ROLE} -c timezone=UTC -c statement_timeout=30000 -c default_transaction_isolation=read\\ committed`,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      ...(queryTimeoutMs === undefined ? {} : { query_timeout: queryTimeoutMs }),
    },
  });
}

/** A connection as the owner of the tables, with the migrations; nothing but migrating may use it. */
export function createOwnerDataSource(url: string): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: [],
    migrations: [path.join(import.meta.dirname, '../../../../migrations/[0-9]*.{ts,js}')],
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    synchronize: false,
    poolSize: 2,
    extra: { options: '-c timezone=UTC' },
  });
}
