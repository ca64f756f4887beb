import { RESP_TYPES, createClient, createCluster } from '@redis/client';
import type { ScriptRunner } from './redis-script.js';
import { withinTime } from './within-time.js';

const connectWithinMs = 1_000;
const retryMs = 200;

interface RedisLink extends ScriptRunner {
  readonly isCluster: boolean;
  destroy(): void;
}

/**
 * The way to Redis, a single one or a cluster: which of them it is, the server says. While it is away commands fail at
 * once, and a new connection is tried five times a second; what is known of the old one is dropped then, so that nothing
 * waits for packets that were lost long ago.
 */
export class RedisConnection {
  private link: RedisLink | null = null;
  private connecting: Promise<void> | null = null;
  private retryTimer: NodeJS.Timeout | undefined;
  private isClosed = false;

  /** Resolves when the first attempt has ended, well or not. */
  readonly firstAttempt: Promise<void>;

  constructor(
    private readonly url: string,
    /** How strings of the server are given: `bytes` as buffers, which take no encoding. */
    private readonly replies: 'text' | 'bytes' = 'text',
  ) {
    this.connect();
    this.firstAttempt = this.connecting ?? Promise.resolve();
  }

  /** @throws Error while there is no connection */
  get client(): ScriptRunner {
    if (!this.link) throw new Error('there is no connection to Redis');
    return this.link;
  }

  /** True when it is a cluster, where one script call cannot reach all keys. @throws Error while there is no connection */
  get isCluster(): boolean {
    if (!this.link) throw new Error('there is no connection to Redis');
    return this.link.isCluster;
  }

  /** Breaks what does not answer, and connects anew. */
  reconnect(): void {
    this.link?.destroy();
    this.link = null;
    this.connect();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.retryTimer);
    await this.connecting;
    this.link?.destroy();
    this.link = null;
  }

  private connect(): void {
    if (this.isClosed || this.connecting || this.link) return;
    this.connecting = this.open().then(
      (link) => {
        this.connecting = null;
        if (this.isClosed) link.destroy();
        else this.link = link;
      },
      () => {
        this.connecting = null;
        if (!this.isClosed) this.retryTimer = setTimeout(() => this.connect(), retryMs);
      },
    );
  }

  private async open(): Promise<RedisLink> {
    const single = createClient({ url: this.url, ...this.options() });
    const link = await this.watched(single, false);
    try {
      const info = String(await withinTime(single.info('cluster'), connectWithinMs));
      if (!info.includes('cluster_enabled:1')) return link;
    } catch (error) {
      link.destroy();
      throw error;
    }
    link.destroy();
    const { username, password, protocol } = new URL(this.url);
    const { socket, ...options } = this.options();
    const defaults = {
      ...options,
      ...(username === '' ? {} : { username: decodeURIComponent(username) }),
      ...(password === '' ? {} : { password: decodeURIComponent(password) }),
      socket: protocol === 'rediss:' ? { ...socket, tls: true as const } : socket,
    };
    return this.watched(createCluster({ rootNodes: [{ url: this.url }], defaults }), true);
  }

  private options() {
    return {
      disableOfflineQueue: true,
      maintNotifications: 'disabled',
      commandOptions: {
        // Whoever asks waits only so long, by a timer of its own: one of the client's for each command costs much more.
        timeout: 0,
        ...(this.replies === 'bytes' && { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } }),
      },
      socket: { connectTimeout: connectWithinMs, reconnectStrategy: false },
    } as const;
  }

  /** Connects a client whose first error ends it. */
  private async watched(
    client: ScriptRunner & {
      on(event: 'error', listener: () => void): unknown;
      connect(): Promise<unknown>;
      destroy(): void;
    },
    isCluster: boolean,
  ): Promise<RedisLink> {
    const link: RedisLink = {
      isCluster,
      evalSha: (sha1, options) => client.evalSha(sha1, options),
      eval: (script, options) => client.eval(script, options),
      destroy: () => {
        try {
          client.destroy();
        } catch {
          // It has ended by itself.
        }
      },
    };
    client.on('error', () => {
      if (this.link === link) this.reconnect();
    });
    try {
      await withinTime(client.connect(), connectWithinMs);
    } catch (error) {
      link.destroy();
      throw error;
    }
    return link;
  }
}
