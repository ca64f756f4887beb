import { randomUUID } from 'node:crypto';
import { type UsageEvent, lowestUuidV7 } from '#domain';
import { findEventDigests, ensureUsagePartitions, stageUsageEvents, insertStagedUsage } from '#persistence';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventDigest } from '../../../libs/services/src/usage/event-digest.js';
import { parseUsageEvent } from '../../../libs/services/src/usage/parse-usage-event.js';
import { type SubscriptionRow, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { GATEWAY_ID, aTestModeEvent, aUsageEvent } from '../../support/usage-events.js';

const noon = new Date('2026-02-10T12:00:00Z');

describe('the digest of an event', () => {
  let database: TestDatabase;
  let subscription: SubscriptionRow;
  beforeAll(async () => {
    database = await createTestDatabase('2026-02-01T00:00:00Z');
    subscription = await aSubscription(database);
  });
  afterAll(() => database.dispose());

  it('is the same from what the gateway wrote and from what the ledger stored', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    const decimal = fc
      .tuple(fc.bigInt(0n, 10n ** 15n - 1n), fc.option(fc.stringMatching(/^[0-9]{1,12}$/)))
      .map(([whole, fraction]) => (fraction === null ? String(whole) : `${whole}.${fraction}`));
    const count = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    const facts = fc.record({
      isLive: fc.boolean(),
      endedAtMs: fc.integer({ min: 0, max: 253_402_300_799_999 }),
      operation: text,
      method: text,
      status: fc.integer({ min: 100, max: 999 }),
      attempts: fc.integer({ min: 0, max: 32_767 }),
      seq: fc.integer({ min: 0, max: 0xffff }),
      bytesIn: count,
      bytesOut: count,
      quantities: fc.dictionary(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,8}$/), decimal, {
        maxKeys: 6,
        noNullPrototype: true,
      }),
      billable: fc.boolean(),
      countsToQuota: fc.boolean(),
      estimated: fc.option(fc.boolean(), { nil: undefined }),
      overrun: fc.option(fc.constant({ tokens: '12.5', 'a-meter': '1' }), { nil: undefined }),
      distinctValues: fc.option(fc.constant({ users: 'ab'.repeat(16), 'a-meter': '01'.repeat(16) }), {
        nil: undefined,
      }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(facts, { minLength: 1, maxLength: 40 }), async (many) => {
        const events = many
          .map(({ isLive, billable, ...overrides }) => {
            const options = { at: noon, id: newId(), ...overrides, billable: billable && isLive };
            return isLive ? aUsageEvent(subscription, options) : aTestModeEvent(subscription, options);
          })
          .filter((event): event is UsageEvent => typeof parseUsageEvent(event, GATEWAY_ID) !== 'string');
        await expectSameDigests(events);
      }),
      { numRuns: 25, seed: 7 },
    );
  });

  it('differs when any fact of the event does', () => {
    const event = aUsageEvent(subscription, { at: noon });
    const changes: Partial<UsageEvent>[] = [
      { id: newId() },
      { seq: 1 },
      { endedAtMs: event.endedAtMs + 1 },
      { gatewayId: 'gateway-2' },
      { mode: 'test' },
      { organizationId: newId() },
      { applicationId: newId() },
      { credentialId: newId() },
      { subscriptionId: newId() },
      { phaseId: newId() },
      { planVersionId: newId() },
      { periodStartMs: event.periodStartMs! + 1 },
      { apiProductId: newId() },
      { apiVersionId: newId() },
      { operation: 'other' },
      { method: 'POST' },
      { status: 201 },
      { outcome: 'client_aborted' },
      { reason: 'other' },
      { attempts: 2 },
      { bytesIn: 1 },
      { bytesOut: 513 },
      { quantities: { requests: '2' } },
      { billable: false },
      { countsToQuota: false },
      { estimated: true },
      { overrun: { requests: '1' } },
    ];
    expect(changes.map((change) => Object.keys(change)[0])).toEqual([...Object.keys(event), 'estimated', 'overrun']);
    const digests = [event, ...changes.map((change) => ({ ...event, ...change }))].map((one) =>
      eventDigest(one).toString('hex'),
    );
    expect(new Set(digests).size).toBe(digests.length);
  });

  async function expectSameDigests(events: readonly UsageEvent[]): Promise<void> {
    const stored = await database.unitOfWork.inSystem(async (transaction) => {
      await ensureUsagePartitions(transaction, noon.getTime(), noon.getTime());
      await stageUsageEvents(
        transaction,
        { gatewayId: GATEWAY_ID, epoch: 1, segment: 1 },
        events.map((event) => ({ event, settlesInMs: event.periodStartMs })),
      );
      expect(await insertStagedUsage(transaction)).toBe(events.length);
      return findEventDigests(transaction, events);
    });
    const byKey = new Map(stored.map(({ id, seq, digest }) => [`${id}/${seq}`, digest.toString('hex')]));
    for (const event of events) {
      expect(byKey.get(`${event.id}/${event.seq}`), JSON.stringify(event)).toBe(eventDigest(event).toString('hex'));
    }
  }

  function newId(): string {
    return lowestUuidV7(noon.getTime()).slice(0, 14) + randomUUID().slice(14);
  }
});
