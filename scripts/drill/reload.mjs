// Reloads a supervised gateway again and again while eight callers call it, and shows that no call failed and no event is
// missing in the ledger. `npm run drill:reload` runs twenty reloads; `-- 5` runs five.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runSlowTest } from './run-slow-test.mjs';

const reloads = process.argv[2] ?? '20';
const report = path.join(os.tmpdir(), `tollgate-drill-${process.pid}.json`);

process.channel?.unref();
const status = await runSlowTest('test/integration/supervisor/supervisor.test.ts', {
  words: ['-t', 'under load'],
  env: { DRILL_RELOADS: reloads, DRILL_REPORT: report },
});
if (!fs.existsSync(report)) process.exit(1);
const result = JSON.parse(fs.readFileSync(report, 'utf8'));
fs.rmSync(report);
process.stdout.write(
  [
    '| reloads | seconds | calls answered | failed | events missing or twice |',
    '| --: | --: | --: | --: | --: |',
    `| ${result.reloads} | ${result.seconds} | ${result.delivered} | ${result.failed} | ${result.lost} |`,
    '',
  ].join('\n'),
);
process.exitCode = status;
