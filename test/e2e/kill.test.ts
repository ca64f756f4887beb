import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Installation, eventually } from '../support/installation.js';
import { aRandom } from '../support/random.js';
import { CALL_HEADER, SampleApi } from '../support/sample-api.js';

const CONNECTIONS = 64;
/** So that all seeds take about a minute; `npm run bench:faults -- --only=H1,H2` kills for a minute each. */
const KILLS_EACH = 5;
const SEEDS = [1, 2, 3];

interface Load {
  /** Request ids of answers that arrived whole. */
  readonly delivered: Set<string>;
  /** Names of calls that were sent and whose answer broke off: the upstream may have run. */
  readonly broken: Set<string>;
  stop(): Promise<void>;
}

/** Keeps `CONNECTIONS` connections busy with one request after the other, and notes how each ended. */
function putLoadOn(url: string, key: string, name: string): Load {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const load = { delivered: new Set<string>(), broken: new Set<string>() };
  let calls = 0;
  let running = true;
  const request = () =>
    new Promise<void>((resolve) => {
      let connected = false;
      const call = `${name}-${++calls}`;
      const sent = http.get(url, { agent, headers: { 'x-api-key': key, [CALL_HEADER]: call } }, (answer) => {
        const id = answer.headers['tollgate-request-id'];
        answer.resume();
        answer.once('end', () => {
          if (answer.complete && answer.statusCode === 200 && typeof id === 'string') load.delivered.add(id);
          resolve();
        });
        answer.once('error', () => {
          load.broken.add(call);
          resolve();
        });
      });
      sent.once('socket', (socket) => {
        if (socket.connecting) socket.once('connect', () => (connected = true));
        else connected = true;
      });
      sent.once('error', () => {
        if (connected) load.broken.add(call);
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
    api?.close();
    await installation?.stop();
    installation?.remove();
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
      const load = putLoadOn(url, key, `seed-${seed}`);
      try {
        const kills = { gateway: 0, worker: 0 };
        while (kills.gateway < KILLS_EACH || kills.worker < KILLS_EACH) {
          const before = load.delivered.size;
          await eventually('the gateway serves again', () => load.delivered.size > before + 50, 60_000);
          await new Promise((resolve) => setTimeout(resolve, random.between(50, 400)));
          const app =
            kills.gateway < KILLS_EACH && (kills.worker >= KILLS_EACH || random.between(0, 1) < 0.5)
              ? 'gateway'
              : 'worker';
          if (installation.kill(app)) kills[app] += 1;
        }
      } finally {
        // Else it goes on when the test has failed, and the run never ends.
        await load.stop();
      }

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
      // The first call, before the load, was delivered too and has no name.
      const ids = new Set(billed.requestIds);
      const lost = [...load.delivered].filter((id) => !ids.has(id));
      const doubled = billed.requestIds.length - ids.size;
      const servedIds = [...load.broken].flatMap((call) => api.served.get(call) ?? []);
      const billedBeyond = billed.requestIds.filter((id) => !load.delivered.has(id));
      const ambiguous = billedBeyond.filter((id) => servedIds.includes(id));
      const phantom = billedBeyond.length - ambiguous.length - 1;
      console.log(
        [
          `seed ${seed}: delivered ${sent}, billed ${billed.billedCount}, lost ${lost.length}, double ${doubled},`,
          `phantom ${phantom}, broken ${load.broken.size}, of these at the upstream ${servedIds.length},`,
          `billed although broken ${ambiguous.length}${ambiguous.map((id) => `\n  ambiguous ${id}`).join('')}`,
        ].join(' '),
      );
      expect(lost).toEqual([]);
      expect(doubled).toBe(0);
      expect(phantom).toBe(0);
      expect(billed.requestIds.length).toBe(billed.billedCount);
      expect(servedIds.length).toBeLessThanOrEqual(load.broken.size);
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
