import type { RateAlgorithm } from '#domain';
import type { ExchangeListener, RateWindowStore, UnitsRequest } from '../rate-limit/rate-window-store.js';
import { type AskedExchange, failExchanges, runExchanges } from './exchange-batch.js';
import { RedisConnection } from './redis-connection.js';
import { RedisScript } from './redis-script.js';

const scripts: Readonly<Record<RateAlgorithm, RedisScript>> = {
  sliding_window: RedisScript.read('exchange-sliding-window', 'exchange-each'),
  fixed_window: RedisScript.read('exchange-fixed-window', 'exchange-each'),
  gcra: RedisScript.read('exchange-gcra', 'exchange-each'),
};
/** Others are not held up for longer by one call: some milliseconds. */
const maxInOneCall = 256;
/** Calls under way. What is asked meanwhile goes together with the next: the more is asked, the less one question costs. */
const mostCalls = 1;

/**
 * Windows in Redis. What is asked in one turn of the event loop, and while an answer is on its way, goes in one script call for
 * each algorithm, in the order in which it was asked; in a cluster, whose keys are in several places, each exchange has its own. Keys expire by themselves.
 */
export class RedisWindowStore implements RateWindowStore {
  private readonly connection: RedisConnection;
  private asked: AskedExchange[] = [];
  private calls = 0;

  /** Connects at once, and again whenever the connection breaks; fails at once while there is none. */
  constructor(url: string) {
    this.connection = new RedisConnection(url, 'bytes');
  }

  /** Resolves when the first attempt to connect has ended, well or not: within three seconds. */
  get firstAttempt(): Promise<void> {
    return this.connection.firstAttempt;
  }

  exchange(request: UnitsRequest, listener: ExchangeListener): void {
    if (this.asked.push({ request, listener }) === 1 && this.calls < mostCalls) setImmediate(this.flush);
  }

  async sweep(): Promise<void> {}

  reconnect(): void {
    this.connection.reconnect();
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  private readonly flush = (): void => {
    const { asked, connection } = this;
    this.asked = [];
    try {
      const { client, isCluster } = connection;
      for (const [algorithm, exchanges] of Map.groupBy(asked, ({ request }) => request.rule.algorithm)) {
        const script = scripts[algorithm];
        if (isCluster) for (const exchange of exchanges) void runExchanges(client, script, [exchange]);
        else
          for (let at = 0; at < exchanges.length; at += maxInOneCall) {
            this.calls++;
            void runExchanges(client, script, exchanges.slice(at, at + maxInOneCall)).then(this.onAnswered);
          }
      }
    } catch (error) {
      failExchanges(asked, error);
    }
  };

  private readonly onAnswered = (): void => {
    this.calls--;
    if (this.asked.length > 0 && this.calls < mostCalls) setImmediate(this.flush);
  };
}
