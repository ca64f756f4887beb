import { lockFolder, readLastEpoch, recoverJournal, writeLastEpoch } from '#journal';
import { guardedConnector } from '#outbound';
import { Agent } from 'undici';
import type { GatewayOptions } from './gateway-options.js';
import { Gateway, type RunningGateway } from './gateway.js';
import { fetchJson } from './identity/fetch-json.js';
import { KeySets } from './identity/key-sets.js';
import { closeStores, openStores } from './shared-stores.js';
import { upstreamParts } from './upstream-parts.js';
import { ControlPlane } from './snapshot/control-plane.js';

export type { RunningGateway } from './gateway.js';

/**
 * Starts a gateway: takes the journal's folder, begins an epoch, recovers what earlier ones left, loads the snapshot and
 * listens. Serves within moments also while the database is away, from the snapshot on disk.
 * @throws GatewayStartError, GatewayIdTakenError, JournalError
 */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const gateway = await openGateway(options);
  await gateway.start();
  return gateway;
}

/**
 * Does what a gateway of that name does when it starts and stops, but listens to nobody: ships what the journal has,
 * gives leases back, and says that the gateway has ended. Returns when the ledger has everything.
 * @throws GatewayStartError, GatewayIdTakenError, JournalError
 */
export async function shipJournal(options: GatewayOptions): Promise<void> {
  const gateway = await openGateway(options);
  await gateway.ship();
  await gateway.stop();
}

async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const lock = lockFolder(options.journalFolder);
  const { log, allowsPrivateIssuers = false } = options;
  const dispatcher = new Agent({ connect: guardedConnector({ timeout: 5_000 }, allowsPrivateIssuers) });
  const keySets = new KeySets({
    ...options.keySets,
    log,
    fetchJson: (url) => fetchJson(url, dispatcher, allowsPrivateIssuers),
  });
  const upstreams = upstreamParts(options);
  const controlPlane = new ControlPlane({
    ...options,
    folder: options.journalFolder,
    targetWatches: upstreams.watches,
    onCatalog: (catalog) => {
      keySets.keep(catalog.keySetPlaces);
      upstreams.upkeep.follow(catalog);
    },
  });
  const stores = openStores(options, controlPlane);
  try {
    await controlPlane.load();
    const lastEpoch = await readLastEpoch(options.journalFolder);
    const epoch = controlPlane.isConnected ? await controlPlane.registration.nextEpoch(lastEpoch) : lastEpoch + 1;
    await writeLastEpoch(options.journalFolder, epoch);
    const leftovers = await recoverJournal(options.journalFolder, epoch);
    await stores.tried();
    return new Gateway(options, controlPlane, keySets, upstreams, lock, epoch, lastEpoch, leftovers, stores);
  } catch (error) {
    keySets.stop();
    await closeStores(stores);
    await controlPlane.stop();
    lock.release();
    throw error;
  }
}
