import { hash } from 'node:crypto';
import {
  type EventIdRange,
  type SegmentEntries,
  type SegmentKey,
  type SegmentManifest,
  type SegmentRun,
  type Transaction,
  countEventsInRange,
  findEventDigests,
  findEventWithoutManifest,
  listManifests,
  listQuarantinedOfSegment,
  listSegmentEntries,
} from '#persistence';
import { DIGEST_BYTES, ENTRY_BYTES, eventDigest, readManifestEntry } from '../usage/event-digest.js';
import { checkNumbering, describeBrokenSeal, nameSegment } from './check-segments.js';
import { inLanes } from './in-lanes.js';
import { entriesInRange, keyOf, nameEvent } from './manifest-entries.js';
import { type CheckResult, type Finding, checkResult } from './verify-report.js';

/** About so many events are compared at a time: some megabytes of entries. */
const PAGE_EVENTS = 50_000;

export interface EventScope extends EventIdRange {
  /** Segments that were acknowledged before this hold no event of the range. */
  readonly since: Date | null;
}

/** How far a comparison came, and what it found. */
interface Compared {
  readonly checked: number;
  readonly difference: Finding | null;
  /** Events of the ledger that belong to the manifests. */
  readonly stored?: number;
}

/**
 * Two checks that read each manifest once. Segments: they are numbered as the journal is, and each manifest of `scope` fits its seal.
 * Events: those of the ledger are those that the manifests name, each with the content that it had when it was acknowledged: none
 * is missing, none was added, none was changed. Those that are in the archive count as its, once they are loaded; what is
 * wrong with that comes first.
 */
export async function checkSegmentsAndEvents(
  transaction: Transaction,
  lanes: readonly Transaction[],
  scope: EventScope,
  archiveFinding: Finding | null,
): Promise<[segments: CheckResult, events: CheckResult]> {
  const numbering = await checkNumbering(transaction);
  let seals: Compared = { checked: 0, difference: numbering.difference };
  let events: Compared = { checked: 0, difference: archiveFinding };
  const pages = manifestPages(transaction, scope.since);
  const look = async (lane: Transaction, page: readonly SegmentManifest[]) => ({
    seals: seals.difference ? null : compareSeals(page),
    events: events.difference ? null : await compareEvents(lane, page, scope),
  });
  for await (const found of inLanes(lanes, pages, look)) {
    seals = addUp(seals, found.seals);
    events = addUp(events, found.events);
    if (seals.difference && events.difference) break;
  }
  const orphan = events.difference ? null : await describeOrphan(transaction, scope, events.stored ?? 0);
  return [
    checkResult(
      'segments',
      seals.difference && !numbering.difference ? seals.checked : numbering.count,
      seals.difference,
    ),
    checkResult('events', events.checked, events.difference ?? orphan),
  ];
}

/** Nothing is added to what ended with a difference. */
function addUp(before: Compared, next: Compared | null): Compared {
  if (before.difference || !next) return before;
  const stored = (before.stored ?? 0) + (next.stored ?? 0);
  return { checked: before.checked + next.checked, difference: next.difference, stored };
}

/** Every manifest in the order of its key, a page at a time. */
async function* manifestPages(
  transaction: Transaction,
  since: Date | null,
): AsyncGenerator<readonly SegmentManifest[]> {
  let after: SegmentKey | null = null;
  for (;;) {
    const page: SegmentManifest[] = await listManifests(transaction, { after, since, events: PAGE_EVENTS });
    if (page.length === 0) return;
    yield page;
    after = page.at(-1)!;
  }
}

function compareSeals(page: readonly SegmentManifest[]): Compared {
  for (const [index, manifest] of page.entries()) {
    const difference = describeBrokenSeal(manifest);
    if (difference) return { checked: index, difference };
  }
  return { checked: page.length, difference: null };
}

async function compareEvents(
  transaction: Transaction,
  page: readonly SegmentManifest[],
  scope: EventScope,
): Promise<Compared> {
  const bySegment = new Map<string, SegmentEntries>();
  for (const run of runsOf(page)) {
    for (const one of await listSegmentEntries(transaction, run, scope)) bySegment.set(nameSegment(one), one);
  }
  let [checked, stored] = [0, 0];
  for (const manifest of page) {
    const entries = bySegment.get(nameSegment(manifest));
    stored += (entries?.entries.length ?? 0) / ENTRY_BYTES;
    // As it nearly always is: in order, and all of it in the range, as what is stored is.
    if (entries?.entries.equals(manifest.digests)) {
      checked += manifest.eventCount;
      continue;
    }
    const named = entriesInRange(manifest.digests, scope);
    const difference = await compareSegment(transaction, manifest, named, entries);
    if (difference) return { checked, difference };
    checked += named.length;
  }
  return { checked, difference: null, stored };
}

/** The segments of each gateway and epoch, which are together in a page. */
function runsOf(page: readonly SegmentManifest[]): SegmentRun[] {
  const ofEpochs = Map.groupBy(page, ({ gatewayId, epoch }) => `${epoch} ${gatewayId}`);
  return Array.from(ofEpochs.values(), (segments) => {
    const { gatewayId, epoch, segment } = segments[0]!;
    return { gatewayId, epoch, first: segment, last: segments.at(-1)!.segment };
  });
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

/** An event that belongs to no manifest; there is none when the ledger has as many events as those that do. */
async function describeOrphan(transaction: Transaction, scope: EventScope, known: number): Promise<Finding | null> {
  if ((await countEventsInRange(transaction, scope)) === known) return null;
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
