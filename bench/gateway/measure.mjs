import { spawnSync } from 'node:child_process';
import http from 'node:http';
import path from 'node:path';
import { cpuUs, familyCpuUs } from './cpu-time.mjs';
import { load } from './load/wrk.mjs';

/** Asks once with a key that must open, and once with one that must not; throws when an answer is wrong. */
export async function checkTarget({ name, origin }, key, scenario) {
  const good = await ask(origin, key, scenario);
  if (good.status !== 200 || good.bytes !== scenario.answerBytes)
    throw new Error(`${name}: ${scenario.title}: got ${good.status} with ${good.bytes} bytes`);
  const bad = await ask(origin, `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`, scenario);
  if (bad.status !== 401) throw new Error(`${name}: a wrong key got ${bad.status}`);
}

function ask(origin, key, { path: target, method, bodyBytes }) {
  const headers = { 'x-api-key': key, ...(bodyBytes > 0 && { 'content-type': 'application/json' }) };
  return new Promise((resolve, reject) => {
    const request = http.request(origin + target, { method, headers, agent: false }, (response) => {
      let bytes = 0;
      response.on('data', (chunk) => (bytes += chunk.length));
      response.on('end', () => resolve({ status: response.statusCode, bytes }));
    });
    request.on('error', reject);
    request.end(bodyBytes > 0 ? JSON.stringify({ text: 'x'.repeat(bodyBytes - 11) }) : undefined);
  });
}

const warmUpsSeconds = 60;
/** Enough for each of a thousand subscriptions to be called several times. */
const leastCalls = 5_000;
/** Enough for a compiler that works beside the load to be done. */
const leastSeconds = 10;

/**
 * Loads a target until it answers everything: code gets compiled, connections opened, and a gateway that nobody has
 * called yet has to lease units for each of a thousand subscriptions first. Returns how many calls were refused.
 */
export async function warmUp(target, { keysFile, seconds, scenario, cores }) {
  let refused = 0;
  let answered = 0;
  for (let loaded = seconds; loaded <= warmUpsSeconds; loaded += seconds) {
    const result = await load({ origin: target.origin, cpu: cores.load, keysFile, seconds, scenario });
    refused += result.refused + result.broken;
    answered += result.requests;
    if (result.refused + result.broken > 0) continue;
    if (answered >= leastCalls && loaded >= leastSeconds) return refused;
  }
  throw new Error(`${target.name} refuses calls for ever`);
}

/**
 * Loads a target and returns requests per second and CPU per request, in microseconds: of its own processes, of the
 * stores that answer it, and of what comes after, until that is done.
 */
export async function measure(target, { keysFile, seconds, scenario, cores, waitsForLedger = false }) {
  await target.prepare();
  const storePids = await target.storePids();
  const before = reading(target, storePids);
  const result = await load({ origin: target.origin, cpu: cores.load, keysFile, seconds, scenario });
  const after = reading(target, storePids, before);
  if (result.refused > 0 || result.broken > 0 || result.requests === 0)
    throw new Error(`${target.name}: ${result.refused} calls refused, ${result.broken} broken, of ${result.requests}`);
  if (waitsForLedger) await target.settled();
  const settled = reading(target, storePids, after);
  const perRequest = (us) => us / result.requests;
  return {
    requestsPerSecond: result.requests / (result.durationUs / 1e6),
    p50Us: result.p50Us,
    p99Us: result.p99Us,
    ownUs: perRequest(after.own - before.own),
    storeUs: perRequest(after.store - before.store),
    afterwardsUs:
      target.afterwardsPids.length === 0
        ? 0
        : perRequest(settled.afterwards - before.afterwards - (after.store - before.store)),
  };
}

/** A connection that was closed meanwhile keeps what it had used. */
function reading(target, storePids, earlier = null) {
  const stores = new Map(storePids.map((pid) => [pid, Math.max(cpuUs(pid), earlier?.stores.get(pid) ?? 0)]));
  return {
    own: familyCpuUs([target.pid]),
    stores,
    store: [...stores.values()].reduce((sum, us) => sum + us, 0),
    afterwards: familyCpuUs(target.afterwardsPids),
  };
}

/** Median and 99th percentile of the time of answers at a steady rate. */
export function measureLatency({ port, cpu, keysFile, scenario, requestsPerSecond, warmUpSeconds, seconds }) {
  const script = path.join(import.meta.dirname, 'load/open-loop.mjs');
  const load = [port, scenario.path, keysFile, requestsPerSecond, warmUpSeconds, seconds];
  const args = ['-c', cpu, process.execPath, script, ...load];
  const { status, stdout, stderr } = spawnSync('taskset', args.map(String), { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the open-loop load did not run:\n${stderr}`);
  const result = JSON.parse(stdout);
  if (result.failures > 0) throw new Error(`${result.failures} calls failed at a steady rate`);
  return result;
}

export function median(numbers) {
  const sorted = numbers.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
