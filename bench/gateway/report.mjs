import fs from 'node:fs';
import path from 'node:path';
import { goals, latencyGoal, requests, steadyRate } from './plan.mjs';

/** Prints the tables and writes everything measured to `<mode>.json` in the folder. */
export function report(results, folder) {
  const lines = [];
  for (const [scenario, rows] of Object.entries(results.scenarios)) lines.push(...scenarioTable(scenario, rows));
  for (const name of results.missing) lines.push(`${name}: not measured, as it is not installed`);
  if (results.growth.length > 0) lines.push(...growthTable(results.growth));
  if (results.latency) lines.push(...latencyTable(results.latency));
  lines.push('', '| goal | reached | measured |', '| --- | --- | --- |');
  const verdicts = verdictsOf(results);
  for (const { goal, isReached, measured } of verdicts)
    lines.push(`| ${goal} | ${isReached === null ? 'not measured' : isReached ? 'yes' : 'no'} | ${measured} |`);
  const { cpu, cores, node } = results.machine;
  lines.push('', `${cpu}, ${cores} cores, Node ${node}, ${results.mode} run of ${results.seconds} s`);
  process.stdout.write(`${lines.join('\n')}\n`);
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `gateway-${results.mode}.json`);
  fs.writeFileSync(file, `${JSON.stringify({ ...results, verdicts }, null, 2)}\n`);
  process.stderr.write(`  ${file}\n`);
}

/** What is compared: the process and the stores that answer it while the request waits. */
const costUs = ({ ownUs, storeUs }) => ownUs + storeUs;
const round = (number, digits = 1) => number.toFixed(digits);

function scenarioTable(scenario, rows) {
  const reference = costUs(rows.find(({ name }) => name.startsWith('nginx')) ?? rows[0]);
  return [
    '',
    `### ${requests[scenario].title}`,
    '',
    '| | CPU µs per request | of it in its stores | ÷ nginx + Lua + Redis | usage, afterwards | requests/s on one core | p50 ms | p99 ms |',
    '| --- | --: | --: | --: | --: | --: | --: | --: |',
    ...rows.map((row) => {
      const times = `${round(row.p50Us / 1_000)} | ${round(row.p99Us / 1_000)}`;
      const ledger = scenario === 'small' && row.afterwardsUs > 0 ? round(row.afterwardsUs) : '';
      return `| ${row.name} | ${round(costUs(row))} | ${round(row.storeUs)} | ${round(costUs(row) / reference, 2)} | ${ledger} | ${Math.round(row.requestsPerSecond)} | ${times} |`;
    }),
  ];
}

function growthTable(rows) {
  return [
    '',
    '### Growth',
    '',
    '| | CPU µs per request | ÷ first row | start ms | resident MiB |',
    '| --- | --: | --: | --: | --: |',
    ...rows.map(
      (row) =>
        `| ${row.title} | ${round(costUs(row))} | ${round(costUs(row) / costUs(rows[0]), 2)} | ${row.startMs} | ${Math.round(row.residentMb)} |`,
    ),
  ];
}

function latencyTable(rows) {
  return [
    '',
    `### Time at ${steadyRate.requestsPerSecond} requests/s`,
    '',
    '| | p50 µs | added µs |',
    '| --- | --: | --: |',
    ...rows.map(({ name, p50Us }) => `| ${name} | ${p50Us} | ${Math.round(p50Us - rows[0].p50Us)} |`),
  ];
}

function verdictsOf({ scenarios, growth, latency }) {
  const verdicts = [];
  for (const { scenario, peer, atMost } of goals) {
    const rows = scenarios[scenario];
    if (!rows) continue;
    const other = rows.find(({ name }) => name === peer);
    const ratio = other ? costUs(rows[0]) / costUs(other) : null;
    verdicts.push(verdict(`${requests[scenario].title}: CPU ≤ ${atMost} × ${peer}`, ratio, atMost));
  }
  for (const row of growth) {
    if (row.atMost === null) continue;
    verdicts.push(
      verdict(`${row.title}: CPU ≤ ${row.atMost} × the smallest`, costUs(row) / costUs(growth[0]), row.atMost),
    );
  }
  if (latency) {
    const added = (name) => latency.find((row) => row.name === name)?.p50Us - latency[0].p50Us;
    const ratio = added('Tollgate') / added(latencyGoal.peer);
    const goal = `time added at ${steadyRate.requestsPerSecond} requests/s ≤ ${latencyGoal.atMost} × ${latencyGoal.peer}`;
    verdicts.push(verdict(goal, Number.isFinite(ratio) ? ratio : null, latencyGoal.atMost));
  }
  return verdicts;
}

function verdict(goal, ratio, atMost) {
  if (ratio === null) return { goal, isReached: null, measured: '' };
  return { goal, isReached: ratio <= atMost, measured: round(ratio, 2) };
}
