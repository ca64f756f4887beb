import type { Upstream } from '#domain';
import { appendChange } from '#persistence';
import type { GatewayUnderTest } from './gateway.js';

/** Points the only API version of a gateway at another upstream, and waits until the gateway knows. */
export async function pointUpstreamAt(under: GatewayUnderTest, changes: Partial<Upstream>): Promise<void> {
  const { database, catalog } = under;
  const upstream = { ...catalog.version.upstream, ...changes };
  await database.unitOfWork.inSystem(async (transaction) => {
    await transaction.query('UPDATE api_version SET upstream = $2 WHERE id = $1', [catalog.version.id, upstream]);
    await appendChange(transaction, 'catalog', 'all', database.clock.now());
  });
  await under.sync();
}
