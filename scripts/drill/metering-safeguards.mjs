const ingest = 'libs/persistence/src/usage/usage-ingest.ts';
const manifests = 'libs/persistence/src/usage/segment-manifest-repository.ts';
const shipper = 'apps/gateway/src/metering/segment-shipper.ts';
const ledgerTests = [
  'test/integration/ledger/exactly-once.test.ts',
  'test/integration/ledger/ingest-segment.test.ts',
  'test/integration/ledger/ingest-segments.test.ts',
  'test/integration/ledger/event-in-two-segments.test.ts',
];
const decisionTests = (name) => [`test/integration/gateway/decision/${name}.test.ts`];
const shipperTests = ['test/integration/gateway/shipping.test.ts'];

/** What keeps usage from being lost or counted twice: each is taken away alone. */
export const safeguards = [
  {
    name: 'the primary key of ledger events',
    file: 'migrations/1763800000006-create-usage.ts',
    text: 'CONSTRAINT usage_event_pk PRIMARY KEY (id, seq),',
    replacement: '',
    tests: ledgerTests,
  },
  {
    name: 'ON CONFLICT of events, segment by segment',
    file: ingest,
    text: 'ON CONFLICT DO NOTHING\n      RETURNING *',
    replacement: 'RETURNING *',
    tests: ledgerTests,
  },
  {
    name: 'the look whether all segments that come together are new',
    file: 'libs/services/src/usage/ingest-segments.ts',
    text: '  if (acknowledged < segments.length) throw new NotCleanError();\n',
    replacement: '',
    tests: ledgerTests,
  },
  {
    name: 'the primary key of segment manifests',
    file: 'migrations/1763800000006-create-usage.ts',
    text: 'CONSTRAINT segment_manifest_pk PRIMARY KEY (gateway_id, epoch, segment),',
    replacement: '',
    tests: ledgerTests,
  },
  {
    name: 'ON CONFLICT of segment manifests',
    file: manifests,
    text: 'ON CONFLICT DO NOTHING RETURNING true',
    replacement: 'RETURNING true',
    tests: ledgerTests,
  },
  {
    name: 'the acknowledgement before a segment is deleted',
    file: shipper,
    text: '    shipment.attempt++;\n',
    replacement:
      '    shipment.attempt++;\n    await fs.rm(shipment.file, { force: true });\n    this.shipments.delete(`${shipment.epoch} ${shipment.segment}`);\n',
    tests: shipperTests,
  },
  {
    name: 'the content that must be the acknowledged one',
    file: shipper,
    text: 'if (shipment.contentHash !== acknowledgement.contentHash) {',
    replacement: 'if (shipment.contentHash === null) {',
    tests: shipperTests,
  },
  {
    name: 'the group commit before the last byte',
    file: 'libs/journal/src/writing/journal-writer.ts',
    text: '    this.waiters.push(waiter);\n',
    replacement:
      '    this.waiters.push({ onJournalled: () => undefined, onJournalFailed: () => undefined });\n    setImmediate(() => waiter.onJournalled(this.lastSegment));\n',
    tests: ['test/integration/gateway/last-byte.test.ts'],
  },
  {
    name: 'the sync before the last byte in strict mode',
    file: 'libs/journal/src/writing/journal-writer.ts',
    text: 'for (const segment of new Set(batches.map((batch) => batch.segment))) await segment.sync();',
    replacement: '',
    tests: ['libs/journal/src/writing/journal-writer.test.ts'],
  },
  {
    name: 'the note of an admitted call before another proxy is told',
    file: 'apps/gateway/src/decision/decision-book.ts',
    text: '    this.log.begin(decision.requestId, decision.record);\n',
    replacement: '',
    tests: decisionTests('restart'),
  },
  {
    name: 'the look for events whose note of the end is lost',
    file: 'apps/gateway/src/decision/restore-decisions.ts',
    text: '    if (recorded.has(requestId)) continue;\n',
    replacement: '',
    tests: decisionTests('restart'),
  },
  {
    name: 'the signature of tickets',
    file: 'apps/gateway/src/decision/ticket.ts',
    text: 'this.keys.some((key) => timingSafeEqual(macOf(name, key), shown))',
    replacement: 'shown.length > 0',
    tests: decisionTests('envoy-http'),
  },
];
