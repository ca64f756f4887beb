// `npm test`: lint, type check, build, and every test; ends with "N passed, N failed".
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBuilt } from './build.mjs';
import { root } from './install.mjs';
import { isAlive, removeTestDatabases } from './test-databases.mjs';

/** In this order; those of one list together, as faults are waited for most of their time. `slow` is run when it is asked for. */
const STAGES = [['unit'], ['integration', 'faults'], ['scenarios'], ['e2e'], ['slow']];
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const chosen = (name) => (wanted.length === 0 ? name !== 'slow' : wanted.includes(name));
const strict = process.argv.includes('--no-skips');

/** Skips that are no fault even where everything is installed: they need data kept elsewhere, another user, or a server. */
const ALLOWED_SKIPS = [
  /beside the repository/,
  /need a folder of OpenAPI documents at /,
  /rating\.json/,
  /\(only root can /,
  /needs CLICKHOUSE_TEST_URL/,
  /needs helm in the path/,
  /needs promtool, which comes with Prometheus/,
  /needs an account: STRIPE_SECRET_KEY/,
];

const LINES_OF_A_FAULT = 12;

/** Several times what the tests of a run have at once. */
const ROOM_IN_MEMORY_BYTES = 3 * 1024 ** 3;

const totals = { passed: 0, failed: 0 };
const skippedNames = [];
/** What failed, and what had to be run again: told once more at the end, where a log that was cut short still has it. */
const closingLines = [];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-run-'));
/** The hundreds of processes that tests start need not each compile the same modules. */
const env = { ...process.env, NODE_COMPILE_CACHE: path.join(folder, 'compiled') };
/** Modules as they are run, without their types, so that each kind of tests need not make them anew. */
const modulesFolder = path.join(folder, 'modules');
const memory = folderInMemory();
const children = new Set();
let stopped = false;
const stop = () => {
  stopped = true;
  for (const child of children) child.kill('SIGTERM');
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
process.once('disconnect', stop);

const bin = (name) => path.join(root, 'node_modules', name);
if (chosen('lint')) {
  await step('format', [bin('oxfmt/bin/oxfmt'), '--check']);
  await step('lint', [
    bin('oxlint/bin/oxlint'),
    '--type-aware',
    'apps',
    'libs',
    'migrations',
    'scripts',
    'test',
    'bench',
  ]);
}
await checkTypes();
const stages = STAGES.map((stage) => stage.filter(chosen)).filter((stage) => stage.length > 0);
if (stages.length > 0 && (await build())) {
  await step('generated files', [path.join(root, 'scripts/launcher/openapi-sync.mjs'), '--check']);
  for (const stage of stages) await Promise.all(stage.map((name) => (name === 'faults' ? faults() : tests(name))));
}
// A run that was stopped has not stopped its Postgres.
if (stopped) removeTestDatabases(memory ?? os.tmpdir());
for (const made of [folder, memory]) if (made !== null) fs.rmSync(made, { recursive: true, force: true });

for (const name of skippedNames) process.stdout.write(`skipped: ${name}\n`);
for (const line of closingLines) process.stdout.write(`${line}\n`);
const unexpected = skippedNames.filter((name) => !ALLOWED_SKIPS.some((pattern) => pattern.test(name)));
if (strict && unexpected.length > 0) {
  process.stdout.write(`${unexpected.length} skipped that should have run here (see above).\n`);
  totals.failed += unexpected.length;
}
const skips = skippedNames.length > 0 ? `, ${skippedNames.length} skipped` : '';
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed${skips}\n`);
process.exit(totals.failed === 0 && totals.passed > 0 && !stopped ? 0 : 1);

async function checkTypes() {
  if (!chosen('typecheck')) return;
  await step('type check', [bin('typescript-native/bin/tsc'), '-p', 'tsconfig.json']);
  await step('type check of the portal', [
    bin('typescript-native/bin/tsc'),
    '--noEmit',
    '-p',
    'apps/portal/tsconfig.json',
  ]);
}

async function step(name, args) {
  if (stopped) return;
  const started = performance.now();
  const code = await run(args);
  count(code === 0, name, started);
}

async function build() {
  if (stopped) return false;
  const started = performance.now();
  try {
    await ensureBuilt();
    count(true, 'build', started);
    return true;
  } catch (error) {
    process.stdout.write(`${error.message}\n`);
    count(false, 'build', started);
    return false;
  }
}

function count(passed, name, started) {
  totals[passed ? 'passed' : 'failed'] += 1;
  if (!passed) closingLines.push(`failed: ${name}`);
  const time = started === undefined ? '' : ` (${((performance.now() - started) / 1000).toFixed(1)} s)`;
  process.stdout.write(`${passed ? '✓' : '✗'} ${name}${time}\n`);
}

async function tests(project) {
  if (stopped) return;
  const report = path.join(folder, `${project}.json`);
  const args = [
    bin('vitest/vitest.mjs'),
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--reporter=${path.join(root, 'scripts/launcher/flaky-reporter.mjs')}`,
    `--outputFile.json=${report}`,
    '--passWithNoTests=false',
    `--maxWorkers=${workersFor(project)}`,
    '--fsModuleCache',
    `--fsModuleCachePath=${modulesFolder}`,
  ];
  const runAgain = path.join(folder, `${project}-run-again`);
  const code = await run(args, { RUN_AGAIN_FILE: runAgain, ...(memory === null ? {} : { TMPDIR: memory }) });
  if (fs.existsSync(runAgain)) closingLines.push(fs.readFileSync(runAgain, 'utf8').trimEnd());
  if (!fs.existsSync(report)) {
    closingLines.push(`failed: ${project}: the run ended without a report (code ${code}).`);
    totals.failed += 1;
    return;
  }
  const result = JSON.parse(fs.readFileSync(report, 'utf8'));
  totals.passed += result.numPassedTests;
  totals.failed += result.numFailedTests;
  for (const suite of result.testResults) {
    for (const test of suite.assertionResults) {
      if (['skipped', 'pending', 'todo'].includes(test.status)) skippedNames.push(test.fullName);
      if (test.status === 'failed') tellFailed(suite.name, test.fullName, test.failureMessages?.join('\n'));
    }
    if (suite.status === 'failed' && suite.assertionResults.every((test) => test.status !== 'failed')) {
      totals.failed += 1;
      tellFailed(suite.name, 'the file as a whole', suite.message);
    }
  }
  if (code !== 0 && totals.failed === 0) {
    totals.failed += 1;
    closingLines.push(`failed: ${project}: no test failed, but the run did (code ${code}; its own lines say why).`);
  }
}

function tellFailed(file, name, message) {
  const lines = (message || 'nothing is known of its fault')
    .split('\n')
    .filter((line) => !/^ +at .*(node_modules|new Promise)/.test(line))
    .slice(0, LINES_OF_A_FAULT);
  closingLines.push(`failed: ${path.relative(root, file)}: ${name}`, ...lines.map((line) => `  ${line.trimEnd()}`));
}

/** Faults under load: what is lost, doubled or invented fails, however long anything took. */
async function faults() {
  if (stopped) return;
  const started = performance.now();
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    skippedNames.push('faults under load: need redis-server: apt-get install redis-server, or brew install redis');
    return;
  }
  const name = `test-${process.pid}`;
  const table = await output([path.join(root, 'bench/faults/run.mjs'), '--quick', '--equation', `--name=${name}`]);
  process.stdout.write(table);
  const results = path.join(root, `bench/results/faults-${name}.json`);
  if (!fs.existsSync(results)) return count(false, 'faults under load', started);
  for (const row of JSON.parse(fs.readFileSync(results, 'utf8')).rows)
    count(row.reached, `${row.fault} ${row.title}, ${row.queue} queue: nothing lost, doubled or invented`);
  fs.rmSync(results);
}

/**
 * A folder in memory, where the machine has one with room, else null: tests make a database each and throw it away, which takes a disk
 * half a second. Faults under load keep to the disk.
 */
function folderInMemory() {
  const place = '/dev/shm';
  try {
    for (const name of fs.readdirSync(place)) {
      const runner = /^tollgate-run-(\d+)-/.exec(name)?.[1];
      if (runner !== undefined && !isAlive(Number(runner)))
        fs.rmSync(path.join(place, name), { recursive: true, force: true });
    }
    const { bavail, bsize } = fs.statfsSync(place);
    if (Math.min(bavail * bsize, process.availableMemory()) < ROOM_IN_MEMORY_BYTES) return null;
    const made = fs.mkdtempSync(path.join(place, `tollgate-run-${process.pid}-`));
    // Like every place for temporary files, as some processes run as another user.
    fs.chmodSync(made, 0o1777);
    return made;
  } catch {
    return null;
  }
}

/** One more file at a time than there are cores, as tests wait: with four on two cores, each takes so much longer that all take longer. */
function workersFor(project) {
  const cores = os.availableParallelism();
  return project === 'integration' || project === 'scenarios' ? cores + 1 : cores;
}

function run(args, more = {}) {
  return new Promise((resolve) => {
    const child = start(args, ['ignore', 'inherit', 'inherit'], more);
    child.on('exit', (code) => resolve(code ?? 1));
    child.on('error', () => resolve(1));
  });
}

/** All that it printed, whether it came to its end or not. */
function output(args) {
  return new Promise((resolve) => {
    const child = start(args, ['ignore', 'pipe', 'pipe']);
    const pieces = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => pieces.push(piece));
    const end = () => resolve(Buffer.concat(pieces).toString());
    child.on('close', end);
    child.on('error', end);
  });
}

function start(args, stdio, more = {}) {
  const child = spawn(process.execPath, args, { cwd: root, env: { ...env, ...more }, stdio });
  children.add(child);
  child.on('close', () => children.delete(child));
  return child;
}
