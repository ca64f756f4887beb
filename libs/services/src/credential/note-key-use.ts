import { type UsageEvent, uuidV7TimeMs } from '#domain';
import { isDatabaseConflict, markCredentialsUsed } from '#persistence';
import type { ServiceContext } from '../context.js';

/**
 * Notes when the keys of these events were last used, to the minute, whatever became of the requests. Apart from the
 * ledger, which must never wait for it: when somebody else is at the same keys, the next events will tell.
 */
export async function noteKeyUse(context: ServiceContext, events: readonly UsageEvent[]): Promise<void> {
  const lastUses = new Map<string, number>();
  for (const { credentialId, id } of events) {
    const usedMs = uuidV7TimeMs(id);
    if (usedMs > (lastUses.get(credentialId) ?? 0)) lastUses.set(credentialId, usedMs);
  }
  if (lastUses.size === 0) return;
  const uses = [...lastUses].map(([id, usedMs]) => ({ id, usedAt: new Date(usedMs) }));
  try {
    await context.unitOfWork.inSystem((transaction) => markCredentialsUsed(transaction, uses));
  } catch (error) {
    if (!isDatabaseConflict(error)) throw error;
  }
}
