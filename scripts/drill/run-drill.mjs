// Builds, runs one of test/drills with real processes, and prints the table of what was seen.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBuilt } from '../launcher/build.mjs';
import { root } from '../launcher/install.mjs';

/** Runs a drill and prints its table; the exit code says whether all held. */
export async function runDrill(name, columns) {
  await ensureBuilt((step) => process.stderr.write(`${step} …\n`));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-drill-'));
  const report = path.join(folder, 'report.md');
  const words = ['run', '--project', 'drills', `test/drills/${name}.drill.ts`];
  try {
    const { status } = spawnSync(path.join(root, 'node_modules/.bin/vitest'), words, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, DRILL_REPORT: report },
    });
    const rows = fs.existsSync(report) ? fs.readFileSync(report, 'utf8') : '';
    const [cpu] = os.cpus();
    const machine = `${os.cpus().length} × ${cpu?.model ?? 'unknown'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node.js ${process.versions.node}`;
    console.log(`\n${new Date().toISOString().slice(0, 10)}, ${machine}\n`);
    console.log(`| ${columns.join(' | ')} |\n| ${columns.map(() => '---').join(' | ')} |\n${rows}`);
    process.exitCode = status ?? 1;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
