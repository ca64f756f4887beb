// `npm run bench:gateway`: what a fully policed request costs, side by side with other gateways.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { root } from '../../scripts/launcher/install.mjs';
import { Stage, machine, option, postmasterPid, say } from '../stage.mjs';
import { familyOf } from './cpu-time.mjs';
import { checkTarget, measure, measureLatency, median, warmUp } from './measure.mjs';
import { installPeers, startPeers } from './peers.mjs';
import {
  exact,
  growth,
  latencyGoal,
  modes,
  peersOfOtherScenarios,
  requestToLastRoute,
  requests,
  steadyRate,
} from './plan.mjs';
import { giveWay, isInstalled } from './processes.mjs';
import { report } from './report.mjs';
import { startUpstream } from './upstream.mjs';

const mode = process.argv.includes('--full') ? 'full' : 'quick';
/** A folder: then only Tollgate runs, and its gateway leaves a CPU profile there. */
const profileFolder = option('profile') ?? null;
/** Another checkout of Tollgate, measured beside this one: what a change has brought. */
const otherCheckout = option('against') ?? null;
/** Words of peers' names: the others are left out. */
const chosenPeers = option('peers')?.split(',') ?? null;
/** Names of scenarios, `growth` and `latency`: the others are left out. */
const chosenParts = option('parts')?.split(',') ?? null;
const { repetitions, seconds, warmUpSeconds } = modes[mode];
const scenarios = chosenParts
  ? Object.keys(requests).filter((name) => chosenParts.includes(name))
  : modes[mode].scenarios;
const hasGrowth = chosenParts ? chosenParts.includes('growth') : modes[mode].hasGrowth;
const hasLatency = chosenParts ? chosenParts.includes('latency') : modes[mode].hasLatency;

const coreCount = os.availableParallelism();
const cores = { target: coreCount - 1, load: coreCount > 1 ? `0-${coreCount - 2}` : '0' };
for (const program of ['wrk', 'taskset', 'setpriv', 'nginx', 'redis-server']) {
  if (isInstalled(program)) continue;
  process.stderr.write(
    `${program} is needed: apt-get install wrk util-linux nginx libnginx-mod-http-lua redis-server haproxy\n`,
  );
  process.exit(1);
}
await Stage.run(async (stage) => {
  if (!profileFolder) {
    say('installing the peers …');
    installPeers();
  }
  if (otherCheckout) buildCheckout(otherCheckout);
  await run(stage);
});

async function run(stage) {
  const { folder, processes } = stage;
  const startedAt = performance.now();
  const { Installation } = await import('./tollgate/installation.mjs');
  const { backendsOf } = await import('./tollgate/backends.mjs');
  const postgres = await stage.startPostgres(cores.load);
  const upstreamPort = await startUpstream(stage, cores.load);
  const gatewayRedis = await stage.startRedis('redis-gateway', cores.load);
  const peerRedis = await stage.startRedis('redis-peers', cores.load);

  const installations = [];
  const entries = hasGrowth ? [...growth] : growth.slice(0, 1);
  const isExactChosen = !chosenPeers || chosenPeers.some((word) => exact.target.includes(word));
  if (isExactChosen && !profileFolder) entries.push(exact);
  if (otherCheckout) {
    const other = { title: otherCheckout, checkout: path.resolve(otherCheckout) };
    entries.push({ ...growth[0], ...other, name: 'bench-other' });
    if (isExactChosen) entries.push({ ...exact, ...other, name: 'bench-other-exact' });
  }
  for (const entry of entries) {
    say(`seeding ${entry.title} …`);
    const installation = await Installation.start(entry.name, {
      ...entry,
      processes,
      postgres,
      folder,
      cores,
      upstreamOrigin: `http://127.0.0.1:${upstreamPort}`,
      redisUrl: `redis://127.0.0.1:${gatewayRedis.port}`,
      profileFolder,
    });
    const pids = () => familyOf(installation.gateway.pid);
    const residentMb = residentBytes(pids()) / 2 ** 20;
    say(`started in ${installation.startMs} ms, ${Math.round(residentMb)} MiB resident`);
    installations.push({
      ...entry,
      installation,
      residentMb,
      target: {
        name: (entry.target ?? 'Tollgate') + (entry.checkout ? ` of ${entry.checkout}` : ''),
        origin: installation.origin,
        keysFile: installation.keysFile,
        port: installation.gatewayPort,
        pid: installation.gateway.pid,
        storePids: async () => [gatewayRedis.pid, ...(await backendsOf(pids(), postgres.url()))],
        prepare: async () => {
          const worker = familyOf(installation.worker.pid);
          giveWay([...worker, ...(await backendsOf(worker, postgres.url()))]);
        },
        afterwardsPids: [postmasterPid(stage.postgresFolder), gatewayRedis.pid, installation.worker.pid],
        settled: () => installation.settled(),
      },
    });
  }
  const { target: tollgate, installation } = installations[0];
  const { keysFile } = installation;
  const started = profileFolder
    ? { running: [], missing: [] }
    : await startPeers(
        { processes, cores, folder, keysFile, upstreamPort, postgres, redisPort: peerRedis.port },
        chosenPeers,
      );
  const peers = started.running.map((peer) => ({
    ...peer,
    keysFile,
    pid: peer.child.pid,
    storePids: async () => [
      ...(peer.store?.includes('redis') ? [peerRedis.pid] : []),
      ...(peer.store?.includes('postgres') ? await backendsOf(familyOf(peer.child.pid), postgres.url()) : []),
    ],
    prepare: async () => {},
    afterwardsPids: [],
  }));
  const others = installations.filter(isVariant).map(({ target }) => target);
  const targets = [tollgate, ...others, ...peers];
  const firstKey = (file) => fs.readFileSync(file, 'utf8').split(' ', 1)[0];
  for (const peer of peers)
    await processes.ready(peer.name, peer.child, peer.origin + requests.small.path, {
      headers: { 'x-api-key': firstKey(keysFile) },
    });
  for (const peer of peers) {
    const worker = peer.startWorker();
    if (worker === null) continue;
    peer.afterwardsPids = [postmasterPid(stage.postgresFolder), peerRedis.pid, worker.pid];
    peer.prepare = async () => {
      const family = familyOf(worker.pid);
      giveWay([...family, ...(await backendsOf(family, postgres.url()))]);
    };
  }

  const results = { scenarios: {}, growth: [], latency: null, missing: started.missing };
  for (const name of scenarios) {
    const scenario = requests[name];
    const chosen = name === 'small' ? targets : targets.filter(isOfOtherScenarios);
    for (const target of chosen) await checkTarget(target, firstKey(target.keysFile), scenario);
    results.scenarios[name] = await interleave(
      chosen.map((target) => ({
        target,
        options: { keysFile: target.keysFile, seconds, scenario, cores, waitsForLedger: name === 'small' },
      })),
      scenario.title,
    );
  }
  if (hasGrowth) {
    const grown = installations.filter((entry) => !isVariant(entry));
    const runs = grown.map(({ target, title, routes, installation: { keysFile: file } }) => ({
      target: { ...target, name: title },
      options: { keysFile: file, seconds, scenario: requestToLastRoute(routes), cores },
    }));
    const measured = await interleave(runs, 'growth');
    results.growth = grown.map(({ title, residentMb, installation: { startMs }, atMost }, index) => ({
      ...measured[index],
      title,
      startMs,
      residentMb,
      atMost: atMost ?? null,
    }));
  }
  if (hasLatency) results.latency = latency(targets, upstreamPort, keysFile);
  results.machine = machine();
  results.seconds = Math.round((performance.now() - startedAt) / 1_000);
  results.mode = mode;
  report(results, path.join(root, 'bench/results'));
}

/** A B C, A B C, …: what disturbs the machine for a while disturbs all of them. Returns the medians of each. */
async function interleave(runs, title) {
  const samples = runs.map(() => []);
  for (const { target, options } of runs) {
    const refused = await warmUp(target, { ...options, seconds: warmUpSeconds });
    if (refused > 0) say(`${target.name}: ${refused} calls refused while it was cold`);
  }
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const [index, { target, options }] of runs.entries()) samples[index].push(await measure(target, options));
    say(`${title}: ${repetition} of ${repetitions}`);
  }
  return runs.map(({ target }, index) => ({
    name: target.name,
    ...Object.fromEntries(
      Object.keys(samples[index][0]).map((figure) => [figure, median(samples[index].map((sample) => sample[figure]))]),
    ),
    samples: samples[index],
  }));
}

function latency(targets, upstreamPort, keysFile) {
  const chosen = [
    { name: 'upstream alone', port: upstreamPort },
    ...targets.filter(isOf(['Tollgate', latencyGoal.peer])),
  ];
  const samples = chosen.map(() => []);
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const [index, { port }] of chosen.entries()) {
      const options = { port, cpu: cores.load, keysFile, scenario: requests.small, ...steadyRate };
      samples[index].push(measureLatency(options).p50Us);
    }
    say(`time added at ${steadyRate.requestsPerSecond} requests/s: ${repetition + 1} of ${repetitions}`);
  }
  return chosen.map(({ name }, index) => ({ name, p50Us: median(samples[index]) }));
}

function buildCheckout(checkout) {
  const script = path.join(checkout, 'scripts/launcher/build-all.mjs');
  if (spawnSync(process.execPath, [script], { stdio: 'inherit' }).status !== 0)
    throw new Error(`${checkout} cannot be built`);
}

/** Beside the first installation, and no part of the growth series. */
function isVariant({ checkout, target }) {
  return checkout !== undefined || target.name === exact.target;
}

function isOfOtherScenarios({ name }) {
  return ['Tollgate', `Tollgate of ${otherCheckout && path.resolve(otherCheckout)}`, ...peersOfOtherScenarios].includes(
    name,
  );
}

function isOf(names) {
  return ({ name }) => names.includes(name);
}

function residentBytes(pids) {
  return Math.max(
    ...pids.map(
      (pid) => Number(/VmRSS:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1_024,
    ),
  );
}
