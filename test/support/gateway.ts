import fs from 'node:fs';
import http, { type IncomingHttpHeaders } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import type { UsageEvent } from '#domain';
import { readSegment } from '#journal';
import { createLogger } from '#observability';
import { readLastChangeNumber } from '#persistence';
import { type SegmentJob, decodeSegmentJob } from '#queues';
import type { GatewayOptions } from '../../apps/gateway/src/gateway-options.js';
import { type RunningGateway, startGateway } from '../../apps/gateway/src/gateway.server.js';
import type { SegmentQueue } from '../../apps/gateway/src/metering/segment-shipper.js';
import { type TestDatabase, createTestDatabase } from './database.js';
import { PATIENT_MS, eventually } from './eventually.js';
import { type Catalog, type CatalogOptions, aCatalog, aConsumer, testPeppers } from './factories.js';
import { type TestUpstream, startUpstream } from './upstream.js';

export interface CallOptions {
  readonly method?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
  readonly agent?: http.Agent;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The parsed body. */
  json(): Record<string, unknown>;
}

/** Calls an address and reads the whole answer; rejects when the connection breaks before its end. */
export function call(
  url: string,
  { method = 'GET', key, headers = {}, body, agent }: CallOptions = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const all = { ...(key === undefined ? {} : { 'x-api-key': key }), ...headers };
    const request = http.request(url, { method, headers: all, agent: agent ?? false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          body: text,
          json: () => JSON.parse(text) as Record<string, unknown>,
        });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** A queue that keeps the jobs; `isDown` makes it refuse. */
export class MemorySegmentQueue implements SegmentQueue {
  readonly jobs: SegmentJob[] = [];
  isDown = false;

  async add(_name: 'ingest', job: SegmentJob): Promise<void> {
    if (this.isDown) throw new Error('the queue is away');
    this.jobs.push(job);
  }

  async close(): Promise<void> {}
}

/** Puts a manifest row there as the ledger does, for each job; with `contentHash` in the place of the right one. */
export async function acknowledge(
  database: TestDatabase,
  jobs: readonly SegmentJob[],
  contentHash?: string,
): Promise<void> {
  await database.unitOfWork.inSystem(async (transaction) => {
    for (const job of jobs) {
      await transaction.query(
        `INSERT INTO segment_manifest (gateway_id, epoch, segment, event_count, quantity_sums, content_hash, digests, seal, attempt,
           acknowledged_at)
         VALUES ($1, $2, $3, 0, '{}', decode($4, 'hex'), '', '', $5, $6) ON CONFLICT DO NOTHING`,
        [job.gatewayId, job.epoch, job.segment, contentHash ?? job.contentHash, job.attempt, database.clock.now()],
      );
    }
  });
}

/** All events in a journal folder that are not shipped and deleted, in the order of writing. */
export async function readJournal(folder: string): Promise<UsageEvent[]> {
  const names = fs.readdirSync(folder).filter((name) => /\.(open|sealed)$/.test(name));
  let segments;
  try {
    segments = await Promise.all(names.toSorted().map((name) => readSegment(path.join(folder, name))));
  } catch (error) {
    // One was sealed meanwhile, which gives it another name.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return readJournal(folder);
    throw error;
  }
  for (const { damage } of segments) if (damage) throw new Error(damage.message);
  return segments.flatMap(({ events }) => events);
}

export async function eventsOf(jobs: readonly SegmentJob[]): Promise<UsageEvent[]> {
  return (await Promise.all(jobs.map(decodeSegmentJob))).flatMap(({ events }) => events as UsageEvent[]);
}

export function makeJournalFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-gateway-'));
}

export type GatewayOverrides = Partial<GatewayOptions>;

/** The options of a gateway on free ports, on a test's database and queue. */
export function gatewayOptions(database: TestDatabase, overrides: GatewayOverrides = {}): GatewayOptions {
  return {
    gatewayId: 'gateway-1',
    host: '127.0.0.1',
    port: 0,
    adminPort: 0,
    journalFolder: overrides.journalFolder ?? makeJournalFolder(),
    journalSync: 'interval',
    databaseUrl: database.appUrl,
    portalUrl: 'https://portal.test',
    queue: new MemorySegmentQueue(),
    peppers: testPeppers,
    encryptionKeys: [{ id: '1', secret: Buffer.alloc(32, 9) }],
    hasTimeMachine: false,
    allowsPrivateUpstreams: true,
    log: createLogger({ name: 'gateway', level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }),
    onFatal: (error) => {
      throw error;
    },
    clock: database.clock,
    rateStoreTimeoutMs: PATIENT_MS,
    quotaWaitMs: PATIENT_MS,
    heartbeatMs: 50,
    shipper: { intervalMs: 20 },
    stop: { idleMs: 0, acknowledgeMs: 0, reportsMs: 0 },
    ...overrides,
  };
}

/** A gateway with everything around it, and one consumer that is subscribed to its only API. */
export interface GatewayUnderTest {
  readonly database: TestDatabase;
  readonly upstream: TestUpstream;
  readonly catalog: Catalog;
  readonly consumer: Awaited<ReturnType<typeof aConsumer>>;
  readonly gateway: RunningGateway;
  readonly queue: MemorySegmentQueue;
  readonly folder: string;
  /** Of the API's base path. */
  readonly url: string;
  /** Of the port. */
  readonly origin: string;
  /** Waits until the gateway knows everything that the database says. */
  sync(): Promise<void>;
  /** Calls below the base path, with the consumer's key. */
  call(path: string, options?: CallOptions): Promise<Answer>;
  /** The event of a request, from the journal. */
  eventOf(requestId: unknown): Promise<UsageEvent>;
  events(): Promise<UsageEvent[]>;
  dispose(): Promise<void>;
}

export async function startGatewayUnderTest(
  catalogOptions: Partial<CatalogOptions> = {},
  overrides: GatewayOverrides = {},
): Promise<GatewayUnderTest> {
  const database = await createTestDatabase();
  const upstream = await startUpstream();
  const catalog = await aCatalog(database, { upstreamUrl: upstream.url, ...catalogOptions });
  const consumer = await aConsumer(database, catalog);
  const options = gatewayOptions(database, overrides);
  const gateway = await startGateway(options);
  const folder = options.journalFolder;
  const origin = `http://127.0.0.1:${gateway.port}`;
  const url = origin + catalog.version.basePath;
  return {
    database,
    upstream,
    catalog,
    consumer,
    gateway,
    queue: options.queue as MemorySegmentQueue,
    folder,
    url,
    origin,
    sync: async () => {
      const wanted = await database.unitOfWork.inSystem(readLastChangeNumber);
      const readiness = () => call(`http://127.0.0.1:${gateway.adminPort}/readyz`);
      await eventually(readiness, (answer) => answer.json()['snapshotNumber'] === wanted);
    },
    call: (place, callOptions = {}) => call(url + place, { key: consumer.key, ...callOptions }),
    events: () => readJournal(folder),
    eventOf: (requestId) =>
      eventually(
        async () => (await readJournal(folder)).find(({ id }) => id === requestId),
        (event) => event !== undefined,
      ) as Promise<UsageEvent>,
    dispose: async () => {
      await gateway.stop();
      await upstream.close();
      await database.dispose();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
