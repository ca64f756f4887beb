import fs from 'node:fs';
import { type RunningGateway, startGateway } from '../../../apps/gateway/src/gateway.server.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { type Catalog, type CatalogOptions, aCatalog, aConsumer } from '../../support/factories.js';
import { call, gatewayOptions, makeJournalFolder } from '../../support/gateway.js';
import { type TcpProxy, startTcpProxy } from '../../support/tcp-proxy.js';
import { type TestUpstream, startUpstream } from '../../support/upstream.js';

/** Gateways that write what they count at once, and a way to their database that can be cut. */
export class CountingGateways {
  readonly folders: string[] = [];
  private readonly running: RunningGateway[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly proxy: TcpProxy,
    readonly upstream: TestUpstream,
    readonly catalog: Catalog,
    readonly consumer: Awaited<ReturnType<typeof aConsumer>>,
  ) {}

  static async prepare(at: string, options: Partial<CatalogOptions> = {}): Promise<CountingGateways> {
    const database = await createTestDatabase(at);
    const proxy = await startTcpProxy(database.appUrl);
    const upstream = await startUpstream();
    const catalog = await aCatalog(database, { upstreamUrl: upstream.url, ...options });
    return new CountingGateways(database, proxy, upstream, catalog, await aConsumer(database, catalog));
  }

  async start(gatewayId: string, journalFolder = makeJournalFolder(), maxSpans = 10_000): Promise<RunningGateway> {
    this.folders.push(journalFolder);
    const options = gatewayOptions(this.database, {
      gatewayId,
      journalFolder,
      databaseUrl: this.proxy.url,
      traffic: { intervalMs: 0, maxSpans },
    });
    const gateway = await startGateway(options);
    this.running.push(gateway);
    return gateway;
  }

  /** The one that was started last. */
  async stopLast(): Promise<void> {
    await this.running.pop()!.stop();
  }

  async ask({ port }: RunningGateway, times = 1, key = this.consumer.key, place = '/things'): Promise<void> {
    const url = `http://127.0.0.1:${port}${this.catalog.version.basePath}${place}`;
    for (let index = 0; index < times; index++) await call(url, { key });
  }

  async dispose(): Promise<void> {
    this.proxy.restore();
    for (const gateway of this.running) await gateway.stop();
    await this.proxy.close();
    await this.upstream.close();
    await this.database.dispose();
    for (const folder of this.folders) fs.rmSync(folder, { recursive: true, force: true });
  }
}
