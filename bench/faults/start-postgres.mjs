// Starts the cluster of a data folder and says where it is: in a process of its own, as starting holds the event loop up.
import { startPostgres } from '../../scripts/launcher/postgres.mjs';

const [dataFolder, port] = process.argv.slice(2);
const deadline = performance.now() + 30_000;
for (;;) {
  try {
    const { port: taken, password } = await startPostgres({ dataFolder, port: Number(port) });
    process.send({ port: taken, password });
    break;
  } catch (error) {
    // Backends of a server that was killed let go of its memory one by one.
    if (performance.now() > deadline) throw error;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
process.disconnect();
