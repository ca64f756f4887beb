import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Installation, eventually } from '../support/installation.js';
import { aRandom } from '../support/random.js';
import { SampleApi } from '../support/sample-api.js';

const CONNECTIONS = 64;
const KILLS_EACH = 10;
const SEEDS = [1, 2, 3];

interface Load {
  /** Request ids of answers that arrived whole. */
  readonly delivered: Set<string>;
  /** Requests that were sent and whose answer broke off: the upstream may have run. */
  ambiguous: number;
  stop(): Promise<void>;
}

/** Keeps `CONNECTIONS` connections busy with one request after the other, and notes how each ended. */
function putLoadOn(url: string, key: string): Load {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const load = { delivered: new Set<string>(), ambiguous: 0 };
  let running = true;
  const request = () =>
    new Promise<void>((resolve) => {
      let connected = false;
      const sent = http.get(url, { agent, headers: { 'x-api-key': key } }, (answer) => {
        const id = answer.headers['tollgate-request-id'];
        answer.resume();
        answer.once('end', () => {
          if (answer.complete && answer.statusCode === 200 && typeof id === 'string') load.delivered.add(id);
          resolve();
        });
        answer.once('error', () => {
          load.ambiguous += 1;
          resolve();
        });
      });
      sent.once('socket', (socket) => {
        if (socket.connecting) socket.once('connect', () => (connected = true));
        else connected = true;
      });
      sent.once('error', () => {
        if (connected) load.ambiguous += 1;
        setTimeout(resolve, 20);
      });
    });
  const workers = Array.from({ length: CONNECTIONS }, async () => {
    while (running) await request();
  });
  return Object.assign(load, {
    stop: async () => {
      running = false;
      await Promise.all(workers);
      agent.destroy();
    },
  });
}

describe('kill -9 of gateway and worker under load', () => {
  let installation: Installation;
  let api: SampleApi;

  beforeAll(async () => {
    installation = await Installation.start();
    api = await SampleApi.publish(installation, { price: { model: 'per_unit', unitAmount: '0.001' } });
  });

  afterAll(async () => {
    api.close();
    await installation.stop();
    installation.remove();
  });

  it.each(SEEDS)(
    `loses nothing and doubles nothing, ${KILLS_EACH} kills each at ${CONNECTIONS} connections, seed %i`,
    async (seed) => {
      const random = aRandom(seed);
      const { key } = await installation.tollgateJson<{ key: string }>(
        'keys',
        'create',
        '--application',
        `killed-${seed}`,
        '--plan',
        'sample/plan',
      );
      const url = `${installation.ready.gatewayUrl}/sample/items`;
      await eventually('the new key is known', async () => (await fetch(url, { headers: { 'x-api-key': key } })).ok);
      const load = putLoadOn(url, key);

      const kills = { gateway: 0, worker: 0 };
      while (kills.gateway < KILLS_EACH || kills.worker < KILLS_EACH) {
        const before = load.delivered.size;
        await eventually('the gateway serves again', () => load.delivered.size > before + 50);
        await new Promise((resolve) => setTimeout(resolve, random.between(50, 400)));
        const app =
          kills.gateway < KILLS_EACH && (kills.worker >= KILLS_EACH || random.between(0, 1) < 0.5)
            ? 'gateway'
            : 'worker';
        if (installation.kill(app)) kills[app] += 1;
      }
      await load.stop();

      const sent = load.delivered.size + 1;
      const billed = await eventually(
        'every delivered request is in the ledger',
        async () => {
          const usage = await installation.tollgateJson<{ billedCount: number; requestIds: string[] }>(
            'usage',
            '--key',
            key,
          );
          return usage.billedCount >= sent ? usage : null;
        },
        60_000,
      );
      const ids = new Set(billed.requestIds);
      const lost = [...load.delivered].filter((id) => !ids.has(id));
      const doubled = billed.requestIds.length - ids.size;
      console.log(
        `seed ${seed}: delivered ${sent}, billed ${billed.billedCount}, ambiguous at most ${load.ambiguous}, lost ${lost.length}, double ${doubled}`,
      );
      expect(lost).toEqual([]);
      expect(doubled).toBe(0);
      expect(billed.requestIds.length).toBe(billed.billedCount);
      expect(billed.billedCount).toBeLessThanOrEqual(sent + load.ambiguous);
    },
  );

  it('and the proof agrees afterwards', async () => {
    await eventually(
      'verify finds no difference',
      async () => (await installation.tollgate('verify', '--json')).code === 0,
      30_000,
    );
  });
});
