import { createHash } from 'node:crypto';
import type { UsageEvent } from '#domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type AcknowledgedSegment,
  type SegmentKey,
  type Transaction,
  listAcknowledgedSegments,
  listDoubtfulSegments,
} from '#persistence';
import { ingestSegment, reaggregateUsage } from '#services';
import { segmentSeal } from '../../../libs/services/src/usage/segment-seal.js';
import { GATEWAY_ID, aSegmentJob, aUsageEvent } from '../../support/usage-events.js';
import { VerifiedLedger, periodEnd, periodStart } from '../../support/verified-ledger.js';

const ALL = { fromId: '00000000-0000-0000-0000-000000000000', toId: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

describe('the proof of the ledger', () => {
  let ledger: VerifiedLedger;
  beforeEach(async () => {
    ledger = await VerifiedLedger.create();
  });
  afterEach(() => ledger.dispose());

  const copyOf = (columns: string, changes: string) =>
    `INSERT INTO usage_event SELECT (jsonb_populate_record(event, ${changes}::jsonb)).* FROM usage_event AS event WHERE ${columns}`;

  /** What adding up anew finds, in its words. */
  const reaggregated = async (span: { readonly from: Date; readonly to: Date }) => {
    const found: string[] = [];
    const { differing } = await reaggregateUsage(ledger.database.context, span, ({ row, expected, actual }) => {
      found.push(`${row}: ${expected} / ${actual}`);
    });
    expect(found).toHaveLength(differing);
    return found;
  };

  it('agrees with a ledger that has repeats, late usage, events kept aside and test usage', async () => {
    const report = await ledger.verify();
    expect(report.checks.map(({ name, ok, difference }) => ({ name, ok, difference }))).toEqual(
      ['segments', 'events', 'rollups', 'lines', 'invoices', 'balances', 'credits', 'receivables'].map((name) => ({
        name,
        ok: true,
        difference: null,
      })),
    );
    expect(report.checks.map(({ checked }) => checked > 0)).toEqual([...Array(5).fill(true), false, false, true]);
    expect(report).toMatchObject({ ok: true, checkedAt: ledger.database.clock.now() });
  });

  it('agrees with any part of it, and looks at no other', async () => {
    const days = { from: new Date('2026-02-11T00:00:00Z'), to: new Date('2026-02-11T12:00:00.001Z') };
    const part = await ledger.verify(days);
    expect(part.checks.flatMap(({ difference }) => difference ?? [])).toEqual([]);
    expect(part.checks[1]!.checked).toBe(6);
    expect((await ledger.verify({ from: periodStart, to: periodEnd })).ok).toBe(true);
    await ledger.tamper(`DELETE FROM usage_event WHERE id = $1`, [ledger.events[0]!.id]);
    expect(await ledger.differences(days)).toEqual([]);
    await expect(ledger.verify({ from: periodEnd, to: periodStart })).rejects.toThrow(/both ends/);
  });

  it('reads one instant, however many connections read it', async () => {
    const { unitOfWork } = ledger.database;
    const count = async (transaction: Transaction) =>
      (await transaction.query<{ count: number }>('SELECT count(*)::integer AS count FROM usage_event'))[0]!.count;
    await unitOfWork.inLedgerSnapshot(async (transaction) => {
      const before = await count(transaction);
      await ledger.tamper(`DELETE FROM usage_event WHERE id = $1`, [ledger.events[0]!.id]);
      const seen = await unitOfWork.besideLedgerSnapshot(transaction, 2, (lanes) => Promise.all(lanes.map(count)));
      expect(seen).toEqual([before, before]);
      expect(await unitOfWork.inSystem(count)).toBe(before - 1);
    });
  });

  it('is proven by as many at a time as there are connections', async () => {
    const reports = await Promise.all(Array.from({ length: 10 }, () => ledger.verify()));
    expect(reports.map(({ ok }) => ok)).toEqual(Array(10).fill(true));
  });

  it('reads each manifest once, in pages of about so many events', async () => {
    const pages = await ledger.database.unitOfWork.inSystem(async (transaction) => {
      const read: number[][] = [];
      for (let after: SegmentKey | null = null; ;) {
        const page: AcknowledgedSegment[] = await listAcknowledgedSegments(transaction, {
          after,
          since: null,
          events: 7,
        });
        if (page.length === 0) return read;
        read.push(page.map(({ segment }) => segment));
        after = page.at(-1)!;
      }
    });
    expect(pages).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
  });

  it('agrees with calls of one key that used more and less', async () => {
    const { context, clock } = ledger.database;
    const call = (minutesAgo: number, requests: string, rest: Partial<UsageEvent> = {}) =>
      aUsageEvent(ledger.subscriptions[0]!, {
        at: new Date(clock.nowMs() - minutesAgo * 60_000),
        quantities: { requests },
        ...rest,
      });
    const stream = call(45, '2');
    const events = [
      ...['5', '1', '9.5', '1', '3'].map((requests) => call(30, requests)),
      stream,
      call(45, '20', { id: stream.id, seq: 1 }),
    ];
    await ingestSegment(context, await aSegmentJob(events, { segment: 6 }));
    expect(await ledger.differences()).toEqual([]);
  });

  it('has Postgres leave out the segments that are as they were acknowledged', async () => {
    const { context, unitOfWork, clock } = ledger.database;
    const quantities = { tokens: '12.5', requests: '1', 'a-meter': '7' };
    const event = aUsageEvent(ledger.subscriptions[0]!, { at: clock.now(), quantities });
    await ingestSegment(context, await aSegmentJob([event], { segment: 6 }));
    const doubtful = async () => {
      const found = await unitOfWork.inLedgerSnapshot((transaction) =>
        listDoubtfulSegments(transaction, { gatewayId: GATEWAY_ID, epoch: 1, first: 4, last: 6 }, ALL),
      );
      return found.map(({ manifest }) => manifest.segment).filter((segment) => segment !== 5);
    };
    expect(await doubtful()).toEqual([]);
    await ledger.tamper(`UPDATE segment_manifest SET quantity_sums = '{"requests": 1}' WHERE segment = 6`);
    expect(await doubtful()).toEqual([6]);
  });

  it('names an event that was deleted', async () => {
    const { id } = ledger.events[3]!;
    await ledger.tamper(`DELETE FROM usage_event WHERE id = $1`, [id]);
    const [events, rollups] = await ledger.differences();
    expect(events).toMatchObject({ check: 'events', row: `usage_event ${id}/0`, actual: 'missing' });
    expect(rollups).toMatchObject({ check: 'rollups', expected: '4 events, 120 units', actual: '5 events, 150 units' });
  });

  it('names an event that came in two segments, when it is deleted', async () => {
    const { id } = ledger.events[0]!;
    await ledger.tamper(`DELETE FROM usage_event WHERE id = $1`, [id]);
    expect((await ledger.differences())[0]).toMatchObject({ row: `usage_event ${id}/0`, actual: 'missing' });
  });

  it.each([
    ['status', '{"status": 201}'],
    ['operation', '{"operation": "getOther"}'],
    ['quantities', '{"quantities": {"requests": "29"}}'],
    ['ended_at', '{"ended_at": "2026-02-10T12:00:00.013Z"}'],
    ['ended_at', '{"ended_at": "2026-02-10T12:00:00.000001Z"}'],
    ['ended_at', '{"ended_at": "infinity"}'],
    ['billable', '{"billable": false}'],
    ['credential_id', '{"credential_id": "01900000-0000-7000-8000-000000000000"}'],
  ])('names an event whose %s was changed', async (column, changes) => {
    const { id } = ledger.events[2]!;
    await ledger.tamper(
      `UPDATE usage_event SET ${column} = (jsonb_populate_record(NULL::usage_event, $2::jsonb)).${column} WHERE id = $1`,
      [id, changes],
    );
    const [events] = await ledger.differences();
    expect(events).toMatchObject({ check: 'events', row: `usage_event ${id}/0` });
    expect(events!.message).toContain('changed');
  });

  it('names an event that was moved to another period', async () => {
    await ledger.tamper(`UPDATE usage_event SET settles_in = $2 WHERE id = $1`, [ledger.events[2]!.id, periodEnd]);
    const [difference] = await ledger.differences();
    expect(difference).toMatchObject({ check: 'rollups' });
    expect(difference!.row).toContain('settles_in=2026-02-01');
  });

  it('names an event that was added to a segment', async () => {
    const added = aUsageEvent(ledger.subscriptions[0]!, { at: new Date('2026-02-10T12:00:00Z') });
    await ledger.tamper(copyOf(`id = '${ledger.events[0]!.id}'`, `'{"id": "${added.id}"}'`));
    const [events, rollups] = await ledger.differences();
    expect(events).toMatchObject({ check: 'events', row: `usage_event ${added.id}/0` });
    expect(rollups).toMatchObject({ check: 'rollups', expected: '6 events, 180 units', actual: '5 events, 150 units' });
  });

  it('names an event of a segment that was never delivered', async () => {
    const added = aUsageEvent(ledger.subscriptions[0]!, { at: new Date('2026-02-10T12:00:00Z') });
    await ledger.tamper(copyOf(`id = '${ledger.events[0]!.id}'`, `'{"id": "${added.id}", "segment": 99}'`));
    const [events] = await ledger.differences();
    expect(events).toMatchObject({ check: 'events', row: `usage_event ${added.id}/0`, actual: 'no such manifest' });
    expect(events!.expected).toContain(`${GATEWAY_ID}/1/99`);
  });

  it('names what was kept aside, when it is gone or changed', async () => {
    const { event_id: id } = await ledger.row<{ event_id: string }>(
      `SELECT event_id FROM usage_event_quarantine WHERE reason = 'content_differs'`,
    );
    await ledger.tamper(
      `UPDATE usage_event_quarantine SET event = jsonb_set(event, '{status}', '403') WHERE event_id = $1`,
      [id],
    );
    expect(await ledger.differences()).toMatchObject([{ row: `usage_event ${id}/0`, actual: 'missing' }]);
    await ledger.tamper(`DELETE FROM usage_event_quarantine WHERE reason = 'malformed'`);
    expect(await ledger.differences()).toMatchObject([{ check: 'events', actual: 'missing' }]);
  });

  it.each([
    ['its sum', `quantity_sum = quantity_sum + 1`],
    ['its count', `event_count = event_count + 1`],
    ['its lowest quantity', `quantity_min = 0`],
    ['its highest quantity', `quantity_max = quantity_max + 1`],
    ['its last quantity', `quantity_last = quantity_last + 1`],
    ['its last event', `last_event_seq = last_event_seq + 1`],
    ['whose usage it is', `organization_id = '01900000-0000-7000-8000-000000000000'`],
    ['its plan version', `plan_version_id = '01900000-0000-7000-8000-000000000000'`],
  ])('names a rollup, and an hour, when %s was changed', async (_, change) => {
    const { credential_id: credential } = await ledger.row<{ credential_id: string }>(
      `SELECT credential_id FROM usage_rollup WHERE billable ORDER BY bucket_at LIMIT 1`,
    );
    for (const table of ['usage_hour', 'usage_rollup']) {
      await ledger.tamper(`UPDATE ${table} SET ${change} WHERE credential_id = $1 AND billable AND settles_in = $2`, [
        credential,
        periodStart,
      ]);
      const rollups = (await ledger.differences()).find(({ check }) => check === 'rollups');
      expect(rollups!.row).toMatch(new RegExp(`^${table} .*credential_id=${credential}`));
    }
  });

  it('names two rollups whose sums were exchanged', async () => {
    await ledger.tamper(`UPDATE usage_rollup AS one SET quantity_sum = other.quantity_sum FROM usage_rollup AS other
      WHERE (one.subscription_id, one.bucket_at) = (other.subscription_id, other.bucket_at) AND one.status_class <> other.status_class`);
    expect(await ledger.differences()).toMatchObject([
      { row: expect.stringMatching(/^usage_rollup /), expected: '5 events, 150 units', actual: '5 events, 1 units' },
    ]);
  });

  it('adds everything up anew on demand, and tells each row that differs', async () => {
    const span = { from: periodStart, to: periodEnd };
    expect(await reaggregated(span)).toEqual([]);
    await ledger.tamper(`UPDATE usage_rollup SET quantity_sum = quantity_sum + 1 WHERE billable`);
    const found = await reaggregated(span);
    expect(found.length).toBeGreaterThan(2);
    expect(found[0]).toMatch(/^usage_rollup bucket_at=.* 150 units \/ 5 events, 151 units$/);
    const odd = { from: new Date('2026-02-01T00:01:00Z'), to: periodEnd };
    expect(() => reaggregateUsage(ledger.database.context, odd, () => undefined)).toThrow(/quarter of an hour/);
  });

  it('names an hour that was added or deleted', async () => {
    await ledger.tamper(`DELETE FROM usage_hour WHERE mode = 'test'`);
    expect(await ledger.differences()).toMatchObject([
      { check: 'rollups', row: expect.stringMatching(/^usage_hour /), expected: '1 events, 1 units', actual: 'none' },
    ]);
    await ledger.tamper(`INSERT INTO usage_hour SELECT (jsonb_populate_record(one, '{"hour_at": "2027-02-20T00:00:00Z"}')).*
      FROM usage_hour AS one WHERE status_class = 5`);
    const later = { from: periodStart, to: new Date('2027-03-01T00:00:00Z') };
    expect((await reaggregated(later)).at(-1)).toMatch(/^usage_hour .*hour_at=2027-02-20.*: none \/ 1 events/);
    await ledger.tamper(`UPDATE usage_operation_day SET event_count = event_count + 1 WHERE mode = 'test'`);
    const span = { from: periodStart, to: periodEnd };
    expect((await reaggregated(span)).at(-1)).toMatch(
      /^usage_operation_day .*: 1 events, 1 units \/ 2 events, 1 units/,
    );
  });

  it('names a rollup that was added or deleted', async () => {
    await ledger.tamper(`DELETE FROM usage_rollup WHERE mode = 'test'`);
    expect(await ledger.differences()).toMatchObject([
      { check: 'rollups', expected: '1 events, 1 units', actual: 'none' },
    ]);
    await ledger.tamper(`INSERT INTO usage_rollup SELECT (jsonb_populate_record(one, '{"bucket_at": "2026-02-20T00:00:00Z"}')).*
      FROM usage_rollup AS one WHERE status_class = 5`);
    const added = (await ledger.differences()).find(({ check }) => check === 'rollups');
    expect(added).toBeDefined();
  });

  it.each([
    ['event count', `event_count = event_count + 1, digests = digests || decode(repeat('00', 32), 'hex')`],
    ['sums', `quantity_sums = '{"requests": "1"}'`],
    ['content hash', `content_hash = sha256('another')`],
    ['digests', `digests = overlay(digests PLACING '\\x00'::bytea FROM 20)`],
  ])('names a manifest whose %s was changed', async (_, change) => {
    await ledger.tamper(`UPDATE segment_manifest SET ${change} WHERE segment = 2`);
    expect((await ledger.differences())[0]).toMatchObject({
      check: 'segments',
      row: `segment_manifest ${GATEWAY_ID}/1/2`,
      actual: expect.stringContaining('seal '),
    });
  });

  it('names a manifest that is missing', async () => {
    await ledger.tamper(`DELETE FROM segment_manifest WHERE segment = 4`);
    expect(await ledger.differences()).toMatchObject([
      { check: 'segments', row: `segment_manifest ${GATEWAY_ID}/1/4`, actual: expect.stringContaining('segment 5') },
    ]);
  });

  it('names a manifest that counts more events than it lists, seal and all', async () => {
    const { content_hash: contentHash } = await ledger.row<{ content_hash: Buffer }>(
      `SELECT content_hash FROM segment_manifest WHERE segment = 4`,
    );
    const counted = { gatewayId: GATEWAY_ID, epoch: 1, segment: 4, eventCount: 1, quantitySums: {} };
    const seal = segmentSeal({ ...counted, contentHash: contentHash.toString('hex'), digests: Buffer.alloc(0) });
    await ledger.tamper(`ALTER TABLE segment_manifest DROP CONSTRAINT segment_manifest_digest_length`);
    await ledger.tamper(`UPDATE segment_manifest SET event_count = 1, seal = $1 WHERE segment = 4`, [seal]);
    expect(await ledger.differences()).toMatchObject([{ check: 'segments', expected: '1 events', actual: '0 events' }]);
  });

  it('names a manifest that was invented, seal and all', async () => {
    const invented = {
      gatewayId: GATEWAY_ID,
      epoch: 1,
      segment: 6,
      eventCount: 0,
      quantitySums: {},
      contentHash: createHash('sha256').digest('hex'),
      digests: Buffer.alloc(0),
    };
    await ledger.tamper(`INSERT INTO segment_manifest VALUES ($1, 1, 6, 0, '{}', decode($2, 'hex'), '', $3, 1, $4)`, [
      GATEWAY_ID,
      invented.contentHash,
      segmentSeal(invented),
      periodStart,
    ]);
    expect(await ledger.differences()).toMatchObject([
      {
        check: 'segments',
        row: `segment_manifest ${GATEWAY_ID}/1/6`,
        expected: expect.stringContaining('at most segment 5'),
      },
    ]);
  });
});
