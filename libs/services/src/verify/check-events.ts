import { hash } from 'node:crypto';
import {
  type EventIdRange,
  type SegmentEntries,
  type SegmentManifest,
  type Transaction,
  findEventDigests,
  findEventWithoutManifest,
  listQuarantinedOfSegment,
  listSegmentEntries,
} from '#persistence';
import { DIGEST_BYTES, ENTRY_BYTES, eventDigest, readManifestEntry } from '../usage/event-digest.js';
import { allManifests, nameSegment } from './check-segments.js';
import { entriesInRange, keyOf, nameEvent } from './manifest-entries.js';
import { type CheckResult, type Finding, checkResult } from './verify-report.js';

const PAGE = 20;

export interface EventScope extends EventIdRange {
  /** Segments that were acknowledged before this hold no event of the range. */
  readonly since: Date | null;
}

/**
 * The ledger's events are those that the manifests name, each with the content that it had when it was acknowledged: none
 * is missing, none was added, none was changed. Those that are in the archive count as its, once they are loaded; what is
 * wrong with that comes first.
 */
export async function checkEvents(
  transaction: Transaction,
  scope: EventScope,
  archiveFinding: Finding | null,
): Promise<CheckResult> {
  if (archiveFinding) return checkResult('events', 0, archiveFinding);
  let checked = 0;
  let page: SegmentManifest[] = [];
  const comparePage = async (): Promise<Finding | null> => {
    const stored = await listSegmentEntries(transaction, page, scope);
    const bySegment = new Map(stored.map((one) => [nameSegment(one), one] as const));
    for (const manifest of page) {
      const named = entriesInRange(manifest.digests, scope);
      const difference = await compareSegment(transaction, manifest, named, bySegment.get(nameSegment(manifest)));
      if (difference) return difference;
      checked += named.length;
    }
    page = [];
    return null;
  };
  for await (const manifest of allManifests(transaction, scope.since)) {
    page.push(manifest);
    if (page.length < PAGE) continue;
    const difference = await comparePage();
    if (difference) return checkResult('events', checked, difference);
  }
  const difference = (await comparePage()) ?? (await describeOrphan(transaction, scope));
  return checkResult('events', checked, difference);
}

async function compareSegment(
  transaction: Transaction,
  manifest: SegmentManifest,
  named: readonly Buffer[],
  stored: SegmentEntries | undefined,
): Promise<Finding | null> {
  const entries = stored?.entries ?? Buffer.alloc(0);
  if (entries.equals(Buffer.concat(named))) return null;

  const found = splitEntries(entries);
  const namedDigests = Map.groupBy(named, keyOf);
  for (const entry of found) {
    const sameKey = namedDigests.get(keyOf(entry));
    if (!sameKey) return describeAdded(manifest, entry);
    if (!sameKey.some((one) => one.equals(entry))) return describeChanged(manifest, sameKey[0]!, entry);
  }
  const present = new Set(found.map((entry) => entry.toString('latin1')));
  return explainAbsent(
    transaction,
    manifest,
    named.filter((entry) => !present.has(entry.toString('latin1'))),
  );
}

/** Events that the segment does not have: others brought them first, they are kept aside, or they are gone. */
async function explainAbsent(
  transaction: Transaction,
  manifest: SegmentManifest,
  absent: readonly Buffer[],
): Promise<Finding | null> {
  const elsewhere = await findEventDigests(transaction, absent.map(readManifestEntry), 'ledgerAndArchive');
  const keptAside = await listQuarantinedOfSegment(transaction, manifest);
  const accounted = new Set([
    ...elsewhere.map(({ id, seq, digest }) => entryName(id, seq, digest)),
    ...keptAside.map(({ id, seq, event }) => entryName(id, seq, digestOfStored(event))),
  ]);
  const missing = absent.find((entry) => {
    const { id, seq, digest } = readManifestEntry(entry);
    return !accounted.has(entryName(id, seq, digest));
  });
  if (!missing) return null;
  return {
    row: nameEvent(missing),
    expected: `in the ledger or kept aside, with digest ${hexDigest(missing)}, as segment ${nameSegment(manifest)} brought it`,
    actual: 'missing',
    message: 'An event that was acknowledged is not in the ledger any more.',
  };
}

async function describeOrphan(transaction: Transaction, scope: EventScope): Promise<Finding | null> {
  const orphan = await findEventWithoutManifest(transaction, scope, scope.since);
  return (
    orphan && {
      row: `usage_event ${orphan.id}/${orphan.seq}`,
      expected: `a manifest of segment ${nameSegment(orphan)} that names it`,
      actual: 'no such manifest',
      message: 'The ledger has an event that no gateway has delivered.',
    }
  );
}

function describeAdded(manifest: SegmentManifest, entry: Buffer): Finding {
  return {
    row: nameEvent(entry),
    expected: `not in segment ${nameSegment(manifest)}, as its manifest does not name it`,
    actual: `in the ledger, with digest ${hexDigest(entry)}`,
    message: 'The ledger has an event that no gateway has delivered.',
  };
}

function describeChanged(manifest: SegmentManifest, expected: Buffer, actual: Buffer): Finding {
  return {
    row: nameEvent(actual),
    expected: `digest ${hexDigest(expected)}, as segment ${nameSegment(manifest)} brought it`,
    actual: `digest ${hexDigest(actual)}`,
    message: 'An event was changed after it was acknowledged.',
  };
}

function splitEntries(entries: Buffer): Buffer[] {
  return Array.from({ length: entries.length / ENTRY_BYTES }, (_, index) =>
    entries.subarray(index * ENTRY_BYTES, (index + 1) * ENTRY_BYTES),
  );
}

/** The digest that the manifest has of an event that was kept aside; a malformed one is stored as its text. */
function digestOfStored(event: Parameters<typeof eventDigest>[0] | string): Buffer {
  return typeof event === 'string' ? hash('sha256', event, 'buffer').subarray(0, DIGEST_BYTES) : eventDigest(event);
}

function entryName(id: string, seq: number, digest: Buffer): string {
  return `${id}/${seq}/${digest.toString('hex')}`;
}

function hexDigest(entry: Buffer): string {
  return readManifestEntry(entry).digest.toString('hex');
}
