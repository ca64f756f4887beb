import type { LeakPolicy } from '#domain';
import { type Actor, appendToAuditLog, findLeakPolicy, lockOrganization, saveLeakPolicy } from '#persistence';
import type { ServiceContext } from '../context.js';

/** What the organization has decided for leaked keys; null for what the installation does. */
export function readLeakPolicy(context: ServiceContext, organizationId: string): Promise<LeakPolicy | null> {
  return context.unitOfWork.inOrganization(organizationId, (transaction) =>
    findLeakPolicy(transaction, organizationId),
  );
}

export interface DecideLeakPolicyInput {
  readonly organizationId: string;
  readonly policy: LeakPolicy;
  /** Looks at what was decided before, locked; throws to refuse the change. */
  readonly check?: (current: LeakPolicy | null) => void;
  readonly actor: Actor;
}

/** Decides what happens to the organization's keys that are found in public, from now on. @throws what `check` throws */
export function decideLeakPolicy(
  context: ServiceContext,
  { organizationId, policy, check, actor }: DecideLeakPolicyInput,
): Promise<void> {
  const now = context.clock.now();
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    await lockOrganization(transaction, organizationId);
    const current = await findLeakPolicy(transaction, organizationId);
    check?.(current);
    if (current === policy) return;
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
