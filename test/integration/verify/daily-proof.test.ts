import { beginDailyProof } from '#persistence';
import { ingestSegment, listProofs, proveEndedDay, proveSampleDay } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';
import { aSegmentJob, aUsageEvent } from '../../support/usage-events.js';

const mailOf = ({ day }: { readonly day: string }) => ({ subject: `differs: ${day}`, text: 'text', html: 'html' });

describe('the nightly proof', () => {
  let database: TestDatabase;
  let subscription: SubscriptionRow;
  beforeEach(async () => {
    database = await createTestDatabase('2026-02-01T00:00:00Z');
    subscription = await aSubscription(database, { anchorAt: new Date('2026-02-01T00:00:00Z') });
    for (const day of [1, 2, 3]) {
      database.clock.moveTo(new Date(Date.UTC(2026, 1, day, 12)));
      const events = [aUsageEvent(subscription, { at: database.clock.now() })];
      await ingestSegment(database.context, await aSegmentJob(events, { segment: day }));
    }
  });
  afterEach(() => database.dispose());
  /** As the worker does. */
  const prove = async () => {
    const ended = await proveEndedDay(database.context, mailOf);
    const sample = ended && (await proveSampleDay(database.context, ended.day, mailOf));
    return [ended, sample].filter((proof) => proof !== null);
  };
  const mails = () =>
    database.unitOfWork.inSystem((transaction) =>
      transaction.query(
        `SELECT payload->>'to' AS to, payload->>'subject' AS subject FROM outbox WHERE queue = 'mail' ORDER BY 1`,
      ),
    );

  it('proves the day an hour after it has ended, once for all workers, and an earlier day as a sample', async () => {
    database.clock.moveTo(new Date('2026-02-04T00:59:59Z'));
    expect(await prove()).toEqual([]);
    database.clock.moveTo(new Date('2026-02-04T01:00:00Z'));
    const rounds = await Promise.all([prove(), prove(), prove(), prove()]);
    const proofs = rounds.flat();
    expect(proofs).toMatchObject([
      { day: '2026-02-03', kind: 'daily', ok: true },
      { kind: 'sample', ok: true },
    ]);
    expect(['2026-02-01', '2026-02-02']).toContain(proofs[1]!.day);
    expect(proofs[0]!.checks!.find(({ name }) => name === 'rollups')).toMatchObject({ checked: 3 });
    expect(await prove()).toEqual([]);
    database.clock.moveTo(new Date('2026-02-05T02:00:00Z'));
    const next = await prove();
    expect(next[0]).toMatchObject({ day: '2026-02-04', kind: 'daily', ok: true });
    expect((await listProofs(database.context)).map(({ day, kind }) => `${day} ${kind}`).toSorted()).toEqual(
      [...proofs, ...next].map(({ day, kind }) => `${day} ${kind}`).toSorted(),
    );
    expect(await mails()).toEqual([]);
  });

  it('is taken on by one of many workers that begin in the same millisecond', async () => {
    const startedAt = new Date('2026-02-20T01:00:00Z');
    for (let number = 1; number <= 15; number++) {
      const proof = { day: `2026-02-${String(number).padStart(2, '0')}`, startedAt, abandonedBefore: new Date(0) };
      const begins = Array.from({ length: 8 }, () =>
        database.unitOfWork.inSystem((transaction) => beginDailyProof(transaction, proof)),
      );
      expect((await Promise.all(begins)).filter(Boolean)).toHaveLength(1);
    }
  });

  it('takes for a sample the earlier day whose last proof is the longest ago', async () => {
    const lastProven = new Map<string, number>();
    for (let night = 4; night <= 12; night++) {
      database.clock.moveTo(new Date(Date.UTC(2026, 1, night, 2)));
      const [ended, sample] = await prove();
      const earlier = Array.from({ length: night - 2 }, (_, index) => `2026-02-${String(index + 1).padStart(2, '0')}`);
      expect(earlier).toContain(sample!.day);
      const last = (day: string): number => lastProven.get(day) ?? 0;
      expect(last(sample!.day)).toBe(Math.min(...earlier.map(last)));
      lastProven.set(ended!.day, night).set(sample!.day, night);
    }
  });

  it('tells finance and operators by mail of a day that differs, and nobody else', async () => {
    await tamper(
      database,
      `INSERT INTO auth."user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
       SELECT 'u' || n, 'N', 'user' || n || '@example.com', true, now(), now() FROM generate_series(1, 3) AS n;
       INSERT INTO staff_role (user_id, role, created_at) VALUES ('u1', 'finance', now()), ('u1', 'operator', now()),
         ('u2', 'operator', now());
       UPDATE usage_rollup SET quantity_sum = 2 WHERE bucket_at > '2026-02-03'`,
    );
    database.clock.moveTo(new Date('2026-02-04T02:00:00Z'));
    expect(await prove()).toMatchObject([{ ok: false }, { ok: true }]);
    expect(await mails()).toEqual([
      { to: 'user1@example.com', subject: 'differs: 2026-02-03' },
      { to: 'user2@example.com', subject: 'differs: 2026-02-03' },
    ]);
    const [latest] = (await listProofs(database.context)).filter(({ kind }) => kind === 'daily');
    expect(latest!.checks!.find(({ name }) => name === 'rollups')!.difference).toMatchObject({
      actual: '1 events, 2 units',
    });
  });

  it('takes over what another process has begun and not ended for hours, and not before', async () => {
    database.clock.moveTo(new Date('2026-02-04T01:00:00Z'));
    await database.unitOfWork.inSystem((transaction) =>
      transaction.query(`INSERT INTO ledger_proof (day, kind, started_at) VALUES ('2026-02-03', 'daily', $1)`, [
        database.clock.now(),
      ]),
    );
    database.clock.moveTo(new Date('2026-02-04T07:00:00Z'));
    expect(await prove()).toEqual([]);
    database.clock.moveTo(new Date('2026-02-04T07:00:01Z'));
    expect(await prove()).toMatchObject([{ day: '2026-02-03', ok: true }, { kind: 'sample' }]);
  });
});
