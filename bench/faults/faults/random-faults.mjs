import { pause } from '../pause.mjs';
import { HeldMemory } from '../held-memory.mjs';
import { MemoryLog } from '../memory-log.mjs';

/** Processes are killed in the first part only, so that the memory of one can be watched in the other. */
const shareWithKills = 0.3;
const memoryParts = 6;

/** What may happen at any time. */
const outside = {
  redisKilled: async ({ redis }) => {
    redis.kill();
    await pause(1_000);
    await redis.restart();
  },
  redisFlushed: ({ redis }) => redis.flush(),
  postgresKilled: async (installation, postgres) => {
    await postgres.kill();
    await pause(2_000);
    await postgres.restart();
  },
  postgresSilent: ({ postgresWay }) => silence(postgresWay),
  redisSilent: ({ redisWay }) => silence(redisWay),
  workerFrozen: async ({ worker }) => {
    worker.freeze();
    await pause(3_000);
    worker.thaw();
  },
};
const within = {
  gatewayKilled: async ({ gateway }) => {
    await gateway.kill();
    await gateway.ready();
  },
  workerKilled: ({ worker }) => worker.kill(),
};

/** H10: ten minutes of whatever may happen. */
export const randomFaults = {
  id: 'H10',
  title: '10 min of random faults',
  minutes: 12,
  figure: 'memory ≤ 5 MB/min, 0 stuck jobs',
  seeds: 10,
  findsStuckJobs: true,
  isCut: true,
  async run({ installation, postgres, random, isQuick }) {
    const lastsMs = isQuick ? 60_000 : 600_000;
    const startedAt = performance.now();
    const counts = {};
    let memory = null;
    for (;;) {
      const passed = performance.now() - startedAt;
      if (passed >= lastsMs) break;
      const mayKill = passed < lastsMs * shareWithKills;
      if (!mayKill) memory ??= await watchMemory(installation);
      await pause(random.between(3_000, 8_000));
      const [name, cause] = random.pick(Object.entries(mayKill ? { ...outside, ...within } : outside));
      counts[name] = (counts[name] ?? 0) + 1;
      await cause(installation, postgres);
    }
    memory?.log.stop();
    const replaced = ['gateway', 'worker'].filter((name) => memory?.log.pids[name] !== installation[name].pid);
    if (replaced.length > 0) return { counts, slopes: { [`${replaced.join(' and ')} replaced,`]: null } };
    return { counts, slopes: await memory.slopes(), mostMegabytes: memory.log.mostByPart(memoryParts) };
  },
  judge({ outcome: { counts, slopes }, jobs, isQuick }) {
    const faults = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const stuck = Object.values(jobs).reduce((sum, count) => sum + count, 0);
    const grown = Object.entries(slopes).map(
      ([name, slope]) => `${name} ${slope === null ? 'not measured' : `${slope.toFixed(1)} MB/min`}`,
    );
    // A minute says nothing of memory.
    const isFlat = isQuick || Object.values(slopes).every((slope) => slope !== null && slope <= 5);
    return { measured: `${faults} faults, ${grown.join(', ')}, ${stuck} stuck jobs`, reached: isFlat && stuck === 0 };
  },
};

/** From when those that were killed last are back: by how many megabytes a minute what each holds grows. */
async function watchMemory({ gateway, worker }) {
  await Promise.all([gateway.ready(), worker.ready()]);
  const open = (kept) => HeldMemory.open(kept.pid, kept.logFile);
  const held = { gateway: await open(gateway), worker: await open(worker) };
  const measure = async () => ({ gateway: await held.gateway.megabytes(), worker: await held.worker.megabytes() });
  const [before, startedAt] = [await measure(), performance.now()];
  const log = new MemoryLog({ gateway: gateway.pid, worker: worker.pid });
  const slopes = async () => {
    const after = await measure();
    const minutes = (performance.now() - startedAt) / 60_000;
    const slopeOf = (name) => (after[name] - before[name]) / minutes;
    return { gateway: slopeOf('gateway'), worker: slopeOf('worker') };
  };
  return { log, slopes };
}

async function silence(way) {
  way.freeze();
  await pause(3_000);
  way.restore();
}
