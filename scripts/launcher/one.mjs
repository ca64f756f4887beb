// One process of Tollgate in the foreground: settings from the environment, else from the last `npm start`.
import path from 'node:path';
import { ensureBuilt } from './build.mjs';
import './exit-with-parent.mjs';
import { readRunSettings } from './home.mjs';
import { root } from './install.mjs';

const [app] = process.argv.slice(2);
if (!['gateway', 'worker', 'api'].includes(app)) {
  process.stderr.write('Name one of: gateway, worker, api.\n');
  process.exit(2);
}
try {
  await ensureBuilt((step) => process.stderr.write(`${step} …\n`));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
for (const [name, value] of Object.entries(readRunSettings())) process.env[name] ??= value;
await import(path.join(root, `dist/run/${app}.js`));
