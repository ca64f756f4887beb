import type { LeakPolicy } from '#domain';
import { type Actor, appendToAuditLog, findLeakPolicy, saveLeakPolicy } from '#persistence';
import type { ServiceContext } from '../context.js';

/** What the organization has decided for leaked keys; null for what the installation does. */
export function readLeakPolicy(context: ServiceContext, organizationId: string): Promise<LeakPolicy | null> {
  return context.unitOfWork.inOrganization(organizationId, (transaction) =>
    findLeakPolicy(transaction, organizationId),
  );
}

/** Decides what happens to the organization's keys that are found in public, from now on. */
export function decideLeakPolicy(
  context: ServiceContext,
  {
    organizationId,
    policy,
    actor,
  }: { readonly organizationId: string; readonly policy: LeakPolicy; readonly actor: Actor },
): Promise<void> {
  const now = context.clock.now();
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    if ((await findLeakPolicy(transaction, organizationId)) === policy) return;
    await saveLeakPolicy(transaction, organizationId, policy, now);
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId,
      actor,
      action: 'decided',
      noun: 'leak policy',
      nounId: organizationId,
      details: { policy },
      createdAt: now,
    });
  });
}
