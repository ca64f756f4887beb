// Preloaded into processes: errors name lines of our source. Not `--enable-source-maps`: with that the logger, which asks once who called
// it, has Node read and take apart the map of the whole bundle at each start, and the maps of packages are read as well.
import fs from 'node:fs';
import { findSourceMap, setSourceMapsSupport } from 'node:module';
import { setImmediate, setTimeout } from 'node:timers/promises';

setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });

/** By then a process has started. */
const READ_AFTER_MS = 3_000;

void setTimeout(READ_AFTER_MS, undefined, { ref: false }).then(() =>
  readMaps(new URL('../../dist/run/', import.meta.url)),
);

/**
 * Reads the maps of the files of `folder` that this process has loaded; Node keeps them. Were they read with the first error, everything
 * would stand still for as long, and the first error often comes when something else has failed and much is to be done.
 */
export async function readMaps(folder) {
  for (const name of await fs.promises.readdir(folder).catch(() => [])) {
    if (!/\.m?js$/.test(name)) continue;
    findSourceMap(new URL(name, folder).href);
    await setImmediate();
  }
}
