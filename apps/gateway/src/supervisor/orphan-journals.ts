import fs from 'node:fs';
import path from 'node:path';
import { slotOfGatewayId } from './slots.js';

/** A journal that no gateway writes in any more, with something in it that the ledger may not have. */
export interface OrphanJournal {
  readonly gatewayId: string;
  readonly folder: string;
}

/**
 * Journals below `root` of slots that are not in use, and one in `root` itself, as a gateway without supervisor leaves it.
 * A folder counts that holds segments, admitted calls that are not recorded, or a lock, as only a process that did not end cleanly leaves it.
 */
export function findOrphanJournals(root: string, gatewayId: string, usedSlots: ReadonlySet<number>): OrphanJournal[] {
  const orphans: OrphanJournal[] = isLeft(root) ? [{ gatewayId, folder: root }] : [];
  for (const entry of fs.readdirSync(root, { withFileTypes: true })) {
    const slot = entry.isDirectory() ? slotOfGatewayId(gatewayId, entry.name) : null;
    if (slot === null || usedSlots.has(slot)) continue;
    const folder = path.join(root, entry.name);
    if (isLeft(folder)) orphans.push({ gatewayId: entry.name, folder });
  }
  return orphans;
}

function isLeft(folder: string): boolean {
  return fs.readdirSync(folder).some((name) => name === 'lock' || /\.(open|sealed)$|^decisions-/.test(name));
}
