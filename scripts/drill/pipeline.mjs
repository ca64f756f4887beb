// Removes each stage of the gateway's pipeline in turn, in a copy of the sources, and shows that a test fails for it.
// `npm run drill:pipeline` prints the table; `-- NAME …` runs only the stages whose name holds one of the words.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { effectStages } from './effect-stages.mjs';
import { refusalStages } from './refusal-stages.mjs';

const root = path.resolve(import.meta.dirname, '../..');
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

const wanted = process.argv.slice(2);
const stages = [...refusalStages(root), ...effectStages].filter(
  ({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)),
);
const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-drill-'));
fs.chmodSync(copy, 0o755);
let survivors = 0;
try {
  for (const name of copied) {
    fs.cpSync(path.join(root, name), path.join(copy, name), {
      recursive: true,
      filter: (source) => !isLeftOut(source),
    });
  }
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  const tests = [...new Set(stages.flatMap((stage) => stage.tests))];
  const whole = runTests(tests);
  if (whole.failed !== 0) throw new Error(`the tests fail without any change:\n${whole.output}`);
  console.log('| stage that is removed | failing tests | in |\n| --- | --- | --- |');
  for (const stage of stages) {
    const failed = without(stage);
    if (failed === 0) survivors++;
    console.log(`| ${stage.name} | ${failed === 0 ? '**none**' : failed} | ${stage.tests.map(shortName).join(', ')} |`);
  }
} finally {
  fs.rmSync(copy, { recursive: true, force: true });
}
console.log(
  survivors === 0
    ? `\n${stages.length} stages, each missed by a test.`
    : `\n${survivors} stages are missed by no test.`,
);
process.exitCode = survivors === 0 ? 0 : 1;

/** How many tests fail without the stage. */
function without({ name, file, text, replacement, tests }) {
  const place = path.join(copy, file);
  const source = fs.readFileSync(place, 'utf8');
  if (source.split(text).length !== 2) throw new Error(`${name}: ${file} does not hold once:\n${text}`);
  fs.writeFileSync(
    place,
    source.replace(text, () => replacement),
  );
  try {
    return runTests(tests).failed;
  } finally {
    fs.writeFileSync(place, source);
  }
}

function runTests(tests) {
  const report = path.join(copy, 'report.json');
  fs.rmSync(report, { force: true });
  const words = ['run', '--project', 'integration', '--reporter=json', `--outputFile=${report}`, '--bail=1', ...tests];
  const { stdout, stderr } = spawnSync(path.join(copy, 'node_modules/.bin/vitest'), words, {
    cwd: copy,
    encoding: 'utf8',
  });
  if (!fs.existsSync(report)) throw new Error(`the tests did not run:\n${stdout}${stderr}`);
  const { numFailedTests, testResults } = JSON.parse(fs.readFileSync(report, 'utf8'));
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return { failed: numFailedTests + broken.length, output: `${stdout}${stderr}` };
}

function shortName(test) {
  return path.basename(test, '.test.ts');
}
