// Whether the gateways go by what was changed a moment ago.
import { withClient } from './database.mjs';

const PATIENCE_MS = 30_000;

/** Resolves when each gateway process behind this admin port has the last change of the catalogue and the keys. */
export async function awaitSnapshot({ databaseUrl, readyUrl }) {
  const [{ number }] = await withClient(databaseUrl, async (client) => {
    return (await client.query('SELECT coalesce(max(number), 0)::float8 AS number FROM change_log')).rows;
  });
  for (const deadline = performance.now() + PATIENCE_MS; !((await oldestSnapshot(readyUrl)) >= number);) {
    if (performance.now() > deadline) throw new Error('The gateway does not take over what was changed: see its log.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Of several processes the number of the one that is furthest behind; NaN while nothing answers. */
async function oldestSnapshot(readyUrl) {
  try {
    const text = await (await fetch(readyUrl, { signal: AbortSignal.timeout(2_000) })).text();
    return Math.min(...[...text.matchAll(/"snapshotNumber":(\d+)/g)].map(([, number]) => Number(number)));
  } catch {
    return Number.NaN;
  }
}
