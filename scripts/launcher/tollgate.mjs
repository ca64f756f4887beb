// The command line, with the settings of the running (or last) `npm start` where the environment has none.
import path from 'node:path';
import { ensureBuilt } from './build.mjs';
import { readRunSettings } from './home.mjs';
import { root } from './install.mjs';
import { prepareSimulation } from './simulation.mjs';

try {
  await ensureBuilt((step) => process.stderr.write(`${step} …\n`));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
if (process.argv[2] === 'sim') await prepareSimulation();
else for (const [name, value] of Object.entries(readRunSettings())) process.env[name] ??= value;
process.channel?.unref();
await import(path.join(root, 'dist/run/cli.js'));
