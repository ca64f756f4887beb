import { uuidV7TimeMs } from '#domain';
import type { CredentialUse } from '#persistence';
import type { DigestedEvent } from '../usage/segment-batch.js';

/** When each of the keys of these events was last used, whatever became of the requests. */
export function lastKeyUses(events: readonly DigestedEvent[]): CredentialUse[] {
  const lastUses = new Map<string, number>();
  for (const { event } of events) {
    const usedMs = uuidV7TimeMs(event.id);
    if (usedMs > (lastUses.get(event.credentialId) ?? 0)) lastUses.set(event.credentialId, usedMs);
  }
  return [...lastUses].map(([id, usedMs]) => ({ id, usedAt: new Date(usedMs) }));
}
