import { CHANGE_CHANNEL, DECISION_CHANNEL, QUOTA_CHANNEL, type WantedPlace, parseQuotaWanted } from '#persistence';
import pg from 'pg';

const retryMs = 1_000;

export interface NotificationHandlers {
  /** There may be changes: also told after each connection, as notifications of the time before are lost. */
  readonly onChange: () => void;
  readonly onQuotaWanted: (place: WantedPlace) => void;
  readonly onReportsPassedOn: (text: string) => void;
}

/** Listens to the database on a connection of its own, and connects again whenever that breaks. */
export class Notifications {
  private client: pg.Client | null = null;
  private retryTimer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(
    private readonly databaseUrl: string,
    private readonly handlers: NotificationHandlers,
  ) {}

  start(): void {
    void this.connect();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.retryTimer);
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      application_name: 'tollgate-gateway-listener',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 5_000,
    });
    this.client = client;
    client.on('error', () => undefined);
    client.on('end', () => this.retry());
    client.on('notification', ({ channel, payload }) => this.take(channel, payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANGE_CHANNEL}; LISTEN ${QUOTA_CHANNEL}; LISTEN ${DECISION_CHANNEL}`);
      this.handlers.onChange();
    } catch {
      await client.end().catch(() => undefined);
      this.retry();
    }
  }

  private retry(): void {
    if (this.isStopped) return;
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => void this.connect(), retryMs);
  }

  private take(channel: string, payload: string): void {
    if (channel === CHANGE_CHANNEL) return this.handlers.onChange();
    if (channel === DECISION_CHANNEL) return this.handlers.onReportsPassedOn(payload);
    const place = parseQuotaWanted(payload);
    if (place) this.handlers.onQuotaWanted(place);
  }
}
