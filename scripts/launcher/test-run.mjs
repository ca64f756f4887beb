// `npm test`: lint, type check, build, and every test; ends with "N passed, N failed".
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBuilt } from './build.mjs';
import { root } from './install.mjs';

const PROJECTS = ['unit', 'integration', 'scenarios', 'e2e'];
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const chosen = (name) => wanted.length === 0 || wanted.includes(name);
const strict = process.argv.includes('--no-skips');

/** Skips that are no fault even where everything is installed: they need data kept elsewhere, another user, or a server. */
const ALLOWED_SKIPS = [
  /beside the repository/,
  /need a folder of OpenAPI documents at /,
  /rating\.json/,
  /\(only root can /,
  /needs CLICKHOUSE_TEST_URL/,
];

const totals = { passed: 0, failed: 0, skipped: 0 };
const skippedNames = [];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-run-'));
let child = null;
let stopped = false;
const stop = () => {
  stopped = true;
  child?.kill('SIGTERM');
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
process.once('disconnect', stop);

const bin = (name) => path.join(root, 'node_modules', name);
if (chosen('lint'))
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
if (chosen('lint')) await step('format', [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']);
if (chosen('typecheck')) {
  await step('type check', [bin('typescript/bin/tsc'), '-p', 'tsconfig.json']);
  await step('type check of the portal', [bin('typescript/bin/tsc'), '--noEmit', '-p', 'apps/portal/tsconfig.json']);
}
const projects = PROJECTS.filter(chosen);
if (projects.length > 0 && (await build())) {
  await step('generated files', [path.join(root, 'scripts/launcher/openapi-sync.mjs'), '--check']);
  for (const project of projects) await tests(project);
}
fs.rmSync(folder, { recursive: true, force: true });

for (const name of skippedNames) process.stdout.write(`skipped: ${name}\n`);
const unexpected = skippedNames.filter((name) => !ALLOWED_SKIPS.some((pattern) => pattern.test(name)));
if (strict && unexpected.length > 0) {
  process.stdout.write(`${unexpected.length} skipped that should have run here (see above).\n`);
  totals.failed += unexpected.length;
}
process.stdout.write(
  `${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}\n`,
);
process.exit(totals.failed === 0 && totals.passed > 0 && !stopped ? 0 : 1);

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
  process.stdout.write(`${passed ? '✓' : '✗'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`);
}

async function tests(project) {
  if (stopped) return;
  const report = path.join(folder, `${project}.json`);
  const code = await run([
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
  ]);
  if (!fs.existsSync(report)) {
    process.stdout.write(`${project}: the run ended without a report (code ${code}).\n`);
    totals.failed += 1;
    return;
  }
  const result = JSON.parse(fs.readFileSync(report, 'utf8'));
  totals.passed += result.numPassedTests;
  totals.failed += result.numFailedTests;
  for (const suite of result.testResults) {
    for (const test of suite.assertionResults)
      if (['skipped', 'pending', 'todo'].includes(test.status)) skippedNames.push(test.fullName);
    if (suite.status === 'failed' && suite.assertionResults.every((test) => test.status !== 'failed'))
      totals.failed += 1;
  }
  totals.skipped = skippedNames.length;
  if (code !== 0 && result.numFailedTests === 0 && totals.failed === 0) totals.failed += 1;
}

/** Tests with real processes wait more than they work, so that more files than there are cores run at a time. */
function workersFor(project) {
  const cores = os.availableParallelism();
  if (project === 'integration') return cores * 2;
  return project === 'e2e' ? 2 : cores;
}

function run(args) {
  return new Promise((resolve) => {
    child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('exit', (code) => resolve(code ?? 1));
    child.on('error', () => resolve(1));
  });
}
