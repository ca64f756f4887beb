import { allKilled } from './faults/all-killed.mjs';
import { gatewayKilled } from './faults/gateway-killed.mjs';
import { gatewayReloaded } from './faults/gateway-reloaded.mjs';
import { paymentsDisturbed } from './faults/payments-disturbed.mjs';
import { postgresKilled } from './faults/postgres-killed.mjs';
import { randomFaults } from './faults/random-faults.mjs';
import { redisFlushed, redisKilled } from './faults/redis-lost.mjs';
import { segmentsRepeated } from './faults/segments-repeated.mjs';
import { storeSilent } from './faults/store-silent.mjs';
import { workerFrozen } from './faults/worker-frozen.mjs';
import { workerKilled } from './faults/worker-killed.mjs';

/**
 * In the order of the table. One that `needsQuiet` has a short time as its figure; `minutes` is what one lasts, where it is more than one.
 */
export const faults = [
  gatewayKilled,
  workerKilled,
  redisKilled,
  redisFlushed,
  postgresKilled,
  storeSilent,
  workerFrozen,
  allKilled,
  gatewayReloaded,
  randomFaults,
  segmentsRepeated,
  paymentsDisturbed,
];

export const queues = ['postgres', 'redis'];

/** In a quick run, beside tests: what kills processes, and what repeats segments. Each once, the back ends in turn. */
const QUICK = ['H1', 'H8', 'H11'];

/** The faults of a quick run, each with a queue. */
export function quickPlan() {
  return faults
    .filter(({ id }) => QUICK.includes(id))
    .map((fault, index) => ({ fault, queue: queues[index % queues.length], seed: 1 }));
}

/** Every fault with both queues and each seed. */
export function fullPlan({ only, seeds, queues: chosen = queues }) {
  return faults
    .filter(({ id }) => only === null || only.includes(id))
    .flatMap((fault) => chosen.flatMap((queue) => (seeds ?? seedsOf(fault)).map((seed) => ({ fault, queue, seed }))));
}

function seedsOf({ seeds = 3 }) {
  return Array.from({ length: seeds }, (_, index) => index + 1);
}
