import { ensureBuilt } from './build.mjs';

try {
  await ensureBuilt((step) => process.stderr.write(`${step} …\n`));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
process.disconnect?.();
