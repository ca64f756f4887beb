import { SMALL_QUOTA } from '../catalog.mjs';
import { pause } from '../pause.mjs';
import { seconds, servedAgainMs } from '../served-again.mjs';

const smallQuota = 'small-quota';
const isAnswered = ({ key, outcome, code }) =>
  key === smallQuota && (outcome === 'delivered' || code === 'quota_exceeded');

/** Faults of Redis while a hard quota runs out: 50 calls a second want it, for longer than it lasts. */
const redisFault = (id, title, cause) => ({
  id,
  title,
  figure: 'quotas rebuilt ≤ 60 s, hard ones never overshot',
  withSmallQuota: true,
  async run({ installation, random, isQuick }) {
    const faults = [];
    for (let count = 0; count < (isQuick ? 1 : 3); count++) {
      await pause(random.between(6_000, 9_000));
      faults.push(performance.now());
      await cause(installation);
    }
    // Until the quota has run out.
    await pause(isQuick ? 3_000 : 15_000);
    return { faults };
  },
  judge({ outcome: { faults }, calls, failed, weighed }) {
    const rebuilt = Math.max(...faults.map((at) => servedAgainMs(calls, at, isAnswered)));
    const used = weighed.byKey[smallQuota]?.billed ?? 0;
    return {
      measured: `quotas after ${seconds(rebuilt)}, ${used} of ${SMALL_QUOTA} used, ${failed} failed`,
      reached: rebuilt <= 60_000 && used <= SMALL_QUOTA,
    };
  },
});

/** H3: Redis is killed and 2 s away. */
export const redisKilled = redisFault('H3', 'Redis killed, 2 s down', async ({ redis }) => {
  redis.kill();
  await pause(2_000);
  await redis.restart();
});

/** H4: Redis forgets everything. */
export const redisFlushed = redisFault('H4', 'Redis: FLUSHALL', ({ redis }) => redis.flush());
