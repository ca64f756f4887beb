import type { Route, Upstream, VersionPolicies } from '#domain';
import { appendChange } from '#persistence';
import type { GatewayUnderTest } from './gateway.js';

/** Makes the only API version of a gateway another one, and waits until the gateway knows. */
export async function makeVersion(
  under: GatewayUnderTest,
  changes: {
    readonly routes: readonly Route[];
    readonly policies: VersionPolicies;
    readonly upstream: Partial<Upstream>;
  },
): Promise<void> {
  const { database, catalog } = under;
  const upstream = { ...catalog.version.upstream, ...changes.upstream };
  await database.unitOfWork.inSystem(async (transaction) => {
    await transaction.query('UPDATE api_version SET routes = $2, policies = $3, upstream = $4 WHERE id = $1', [
      catalog.version.id,
      JSON.stringify(changes.routes),
      changes.policies,
      upstream,
    ]);
    await appendChange(transaction, 'catalog', 'all', database.clock.now());
  });
  await under.sync();
}
