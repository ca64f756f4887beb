import { type UsageEvent, uuidV7TimeMs } from '#domain';
import type { CredentialUse } from '#persistence';

/** When each of the keys of these events was last used, whatever became of the requests. */
export function lastKeyUses(events: readonly UsageEvent[]): CredentialUse[] {
  const lastUses = new Map<string, number>();
  for (const { id, credentialId } of events) {
    const usedMs = uuidV7TimeMs(id);
    if (usedMs > (lastUses.get(credentialId) ?? 0)) lastUses.set(credentialId, usedMs);
  }
  return [...lastUses].map(([id, usedMs]) => ({ id, usedAt: new Date(usedMs) }));
}
