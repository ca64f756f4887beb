import { hash } from 'node:crypto';
import {
  type AcknowledgedSegment,
  type DoubtfulSegment,
  type EventIdRange,
  type SegmentKey,
  type SegmentManifest,
  type SegmentRun,
  type Transaction,
  countEventsInRange,
  findEventDigests,
  findEventWithoutManifest,
  listAcknowledgedSegments,
  listDoubtfulSegments,
  listQuarantinedOfSegment,
} from '#persistence';
import { DIGEST_BYTES, ENTRY_BYTES, eventDigest, readManifestEntry } from '../usage/event-digest.js';
import { checkNumbering, describeBrokenSeal, nameSegment } from './check-segments.js';
import { inLanes } from './in-lanes.js';
import { entriesInRange, keyOf, nameEvent } from './manifest-entries.js';
import { type CheckResult, type Finding, checkResult } from './verify-report.js';

/** About so many events are compared at a time: some megabytes of entries, in Postgres. */
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

type Doubtful = ReadonlyMap<string, DoubtfulSegment>;

/**
 * Two checks that read each manifest once. Segments: they are numbered as the journal is, and each manifest of `scope` fits its seal.
 * Events: those of the ledger are those that the manifests name, each with the content that it had when it was acknowledged: none
 * is missing, none was added, none was changed. Those that are in the archive count as its, once they are loaded; what is
 * wrong with that comes first. Postgres leaves out what is right; the rest is looked at here.
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
  const pages = segmentPages(transaction, scope.since);
  const look = async (lane: Transaction, page: readonly AcknowledgedSegment[]) => {
    const doubtful = seals.difference && events.difference ? null : await findDoubtful(lane, page, scope);
    return {
      seals: doubtful && !seals.difference ? compareSeals(page, doubtful) : null,
      events: doubtful && !events.difference ? await compareEvents(lane, page, doubtful, scope) : null,
    };
  };
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

/** Every segment in the order of its key, a page at a time. */
async function* segmentPages(
  transaction: Transaction,
  since: Date | null,
): AsyncGenerator<readonly AcknowledgedSegment[]> {
  let after: SegmentKey | null = null;
  for (;;) {
    const page: AcknowledgedSegment[] = await listAcknowledgedSegments(transaction, {
      after,
      since,
      events: PAGE_EVENTS,
    });
    if (page.length === 0) return;
    yield page;
    after = page.at(-1)!;
  }
}

/** The segments of a page that are not seen to be right, by name. */
async function findDoubtful(
  transaction: Transaction,
  page: readonly AcknowledgedSegment[],
  scope: EventScope,
): Promise<Doubtful> {
  const doubtful = new Map<string, DoubtfulSegment>();
  for (const run of runsOf(page)) {
    for (const one of await listDoubtfulSegments(transaction, run, scope)) {
      doubtful.set(nameSegment(one.manifest), one);
    }
  }
  return doubtful;
}

function compareSeals(page: readonly AcknowledgedSegment[], doubtful: Doubtful): Compared {
  for (const [index, segment] of page.entries()) {
    const one = doubtful.get(nameSegment(segment));
    const difference = one ? describeBrokenSeal(one.manifest) : null;
    if (difference) return { checked: index, difference };
  }
  return { checked: page.length, difference: null };
}

async function compareEvents(
  transaction: Transaction,
  page: readonly AcknowledgedSegment[],
  doubtful: Doubtful,
  scope: EventScope,
): Promise<Compared> {
  let [checked, stored] = [0, 0];
  for (const segment of page) {
    const one = doubtful.get(nameSegment(segment));
    if (!one) {
      checked += segment.eventCount;
      stored += segment.eventCount;
      continue;
    }
    const named = entriesInRange(one.manifest.digests, scope);
    const found = entriesInRange(one.entries, scope);
    const difference = await compareSegment(transaction, one.manifest, named, found);
    if (difference) return { checked, difference };
    checked += named.length;
    stored += one.entries.length / ENTRY_BYTES;
  }
  return { checked, difference: null, stored };
}

/** The segments of each gateway and epoch, which are together in a page. */
function runsOf(page: readonly AcknowledgedSegment[]): SegmentRun[] {
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
  found: readonly Buffer[],
): Promise<Finding | null> {
  if (Buffer.concat(found).equals(Buffer.concat(named))) return null;
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
