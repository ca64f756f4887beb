import { UnitOfWork, createDataSource } from '#persistence';

const retryMs = 500;

export interface DatabaseOptions {
  readonly processName: string;
  readonly poolSize: number;
  readonly queryTimeoutMs: number;
  readonly hasEntities?: boolean;
}

/**
 * The gateway's way to Postgres, which may be away: work through `unitOfWork` fails then, at once or within seconds.
 */
export class Database {
  readonly unitOfWork: UnitOfWork;
  private connecting: Promise<void> | null = null;
  private retryTimer: NodeJS.Timeout | undefined;
  private isStopped = false;
  private onConnected: (() => void)[] = [];

  constructor(url: string, options: DatabaseOptions = { processName: 'gateway', poolSize: 8, queryTimeoutMs: 5_000 }) {
    this.unitOfWork = new UnitOfWork(createDataSource({ url, ...options }));
  }

  get isConnected(): boolean {
    return this.unitOfWork.dataSource.isInitialized;
  }

  /** Resolves to whether the database has answered within that time; tries on in any case. */
  async connect(withinMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const connected = new Promise<void>((resolve) => this.whenConnected(resolve));
    const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
    this.tryToConnect();
    await Promise.race([connected, timeout]);
    clearTimeout(timer);
    return this.isConnected;
  }

  /** Calls back once, when the first connection is made; at once when it was. */
  whenConnected(listener: () => void): void {
    if (this.isConnected) listener();
    else this.onConnected.push(listener);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.retryTimer);
    await this.connecting;
    if (this.isConnected) await this.unitOfWork.dataSource.destroy();
  }

  private tryToConnect(): void {
    if (this.isStopped || this.isConnected || this.connecting) return;
    this.connecting = this.unitOfWork.dataSource
      .initialize()
      .then(
        () => {
          for (const listener of this.onConnected.splice(0)) listener();
        },
        () => {
          this.retryTimer = setTimeout(() => this.tryToConnect(), retryMs);
        },
      )
      .finally(() => (this.connecting = null));
  }
}
