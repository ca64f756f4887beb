// Kills gateways and workers before and after every write of metering, and shows that nothing is lost or doubled.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ensureBuilt } from '../launcher/build.mjs';
import { root } from '../launcher/install.mjs';

await ensureBuilt((step) => process.stderr.write(`${step} …\n`));
const test = 'test/integration/faults/killed-at-every-point.test.ts';
const words = ['run', '--project', 'integration', '--retry=0', '--reporter=verbose', test, ...process.argv.slice(2)];
const { status } = spawnSync(path.join(root, 'node_modules/.bin/vitest'), words, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, KILLS: 'all' },
});
process.exit(status ?? 1);
