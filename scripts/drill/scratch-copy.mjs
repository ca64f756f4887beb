import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const copied = [
  'apps',
  'libs',
  'migrations',
  'scripts',
  'test',
  'docs',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];
const isLeftOut = (source) => /(^|\/)(node_modules|dist|portal)$/.test(source);

/** A copy of the sources in which something can be taken away, and tests be run without it. */
export class ScratchCopy {
  #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-drill-'));

  constructor(root) {
    fs.chmodSync(this.#folder, 0o755);
    for (const name of copied) {
      fs.cpSync(path.join(root, name), path.join(this.#folder, name), {
        recursive: true,
        filter: (source) => !isLeftOut(source),
      });
    }
    fs.symlinkSync(path.join(root, 'node_modules'), path.join(this.#folder, 'node_modules'));
  }

  /** The names of tests that fail when `text`, which `file` must hold once, is replaced. */
  failuresWithout({ name, file, text, replacement, tests }) {
    const place = path.join(this.#folder, file);
    const source = fs.readFileSync(place, 'utf8');
    if (source.split(text).length !== 2) throw new Error(`${name}: ${file} does not hold once:\n${text}`);
    fs.writeFileSync(
      place,
      source.replace(text, () => replacement),
    );
    try {
      return this.run(tests).failures;
    } finally {
      fs.writeFileSync(place, source);
    }
  }

  /** Runs test files up to the first failure; a file that cannot be run is one. */
  run(tests) {
    const report = path.join(this.#folder, 'report.json');
    fs.rmSync(report, { force: true });
    const words = [
      'run',
      '--project',
      'unit',
      '--project',
      'integration',
      '--retry=0',
      '--reporter=json',
      `--outputFile=${report}`,
      '--bail=1',
      ...tests,
    ];
    const { stdout, stderr } = spawnSync(path.join(this.#folder, 'node_modules/.bin/vitest'), words, {
      cwd: this.#folder,
      encoding: 'utf8',
    });
    if (!fs.existsSync(report)) throw new Error(`the tests did not run:\n${stdout}${stderr}`);
    const { testResults } = JSON.parse(fs.readFileSync(report, 'utf8'));
    if (testResults.length === 0) throw new Error(`no test was run of ${tests.join(', ')}`);
    const failures = testResults.flatMap(({ name, status, assertionResults }) => {
      const failed = assertionResults.filter((test) => test.status === 'failed').map(({ fullName }) => fullName);
      return failed.length === 0 && status === 'failed' ? [path.basename(name)] : failed;
    });
    return { failures, output: `${stdout}${stderr}` };
  }

  remove() {
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }
}
