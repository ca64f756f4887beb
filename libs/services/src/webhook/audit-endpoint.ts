import { type Actor, type Transaction, appendToAuditLog } from '#persistence';
import type { ServiceContext } from '../context.js';

/** Writes down what was done to an endpoint. Of its URL only the origin belongs into the details: what follows may be a secret. */
export async function auditEndpoint(
  context: ServiceContext,
  transaction: Transaction,
  {
    organizationId,
    endpointId,
    actor,
  }: { readonly organizationId: string; readonly endpointId: string; readonly actor: Actor },
  action: string,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId,
    actor,
    action,
    noun: 'webhook endpoint',
    nounId: endpointId,
    details,
    createdAt: context.clock.now(),
  });
}
