import { consumersNamedIn } from '#domain';
import { listUnknownPlans, readNamedConsumers } from '#persistence';
import type { ApplyWork } from './apply-catalog.js';
import type { CatalogFile } from './catalog-file.js';
import { trafficOf } from './traffic-in-file.js';

/** Remarks on the changed API versions of a file whose rules of traffic name whom there is not: they match nobody until there is. */
export async function remarkUnknownNames({ transaction, changes }: ApplyWork, file: CatalogFile): Promise<void> {
  for (const api of file.apis) {
    for (const { name, upstream } of api.versions) {
      const index = changes.findIndex(
        (change) => change.noun === 'API version' && change.name === `${api.slug}/${name}`,
      );
      if (index === -1 || !upstream?.traffic) continue;
      const traffic = trafficOf(upstream.traffic);
      const named = consumersNamedIn([{ traffic }]);
      const known = await readNamedConsumers(transaction, named);
      const plans = traffic.rules.flatMap(({ match }) => match).flatMap((one) => one.plans ?? []);
      const unknown = [
        ...named.organizations
          .filter((one) => !Object.hasOwn(known.organizations, one))
          .map((one) => `organization "${one}"`),
        ...named.applications
          .filter((one) => !Object.hasOwn(known.applications, one))
          .map((one) => `application "${one}"`),
        ...(await listUnknownPlans(transaction, [...new Set(plans)])).map((one) => `plan "${one}"`),
      ];
      const remarks = unknown.map((one) => `upstream.traffic: there is no ${one}; nobody matches it until there is.`);
      if (remarks.length > 0)
        changes[index] = { ...changes[index]!, remarks: [...(changes[index]!.remarks ?? []), ...remarks] };
    }
  }
}
