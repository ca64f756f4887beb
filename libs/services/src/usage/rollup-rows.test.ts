import type { UsageEvent } from '#domain';
import { describe, expect, it } from 'vitest';
import { rollupRows } from './rollup-rows.js';

const id = (last: number) => `0190aaaa-0000-7000-8000-00000000000${last}`;
const event: UsageEvent = {
  id: id(1),
  seq: 0,
  endedAtMs: 1,
  gatewayId: 'gateway-1',
  mode: 'live',
  organizationId: id(2),
  applicationId: id(3),
  credentialId: id(4),
  subscriptionId: id(5),
  phaseId: id(6),
  planVersionId: id(7),
  periodStartMs: 1,
  apiProductId: id(8),
  apiVersionId: id(9),
  operation: 'a',
  method: 'GET',
  status: 200,
  outcome: 'delivered',
  reason: 'ok',
  attempts: 1,
  bytesIn: 0,
  bytesOut: 0,
  quantities: { requests: '1' },
  billable: true,
  countsToQuota: true,
};
const rowsOf = (...others: Partial<UsageEvent>[]) =>
  rollupRows(
    [event, ...others.map((other) => ({ ...event, ...other }))].map((one) => ({ event: one, settlesInMs: 1 })),
  );

describe('what events add to the rollups', () => {
  it('is one row for events that differ in nothing that tells rows apart', () => {
    const rows = rowsOf({ id: id(2), quantities: { requests: '0.5' }, status: 204, method: 'POST' });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      eventCount: 2,
      quantitySum: '1.5',
      quantityMin: '0.5',
      quantityMax: '1',
      quantityLast: '0.5',
      lastEventId: id(2),
    });
  });

  it('has the last quantity of the highest id and row of a stream, in whatever order they come', () => {
    const of = (last: number, seq: number) => ({ id: id(last), seq, quantities: { requests: `${last}.${seq}` } });
    for (const others of [
      [of(5, 1), of(5, 2), of(3, 9)],
      [of(3, 9), of(5, 2), of(5, 1)],
      [of(5, 2), of(3, 9), of(5, 1)],
    ])
      expect(rowsOf(...others)).toMatchObject([{ quantityLast: '5.2', lastEventId: id(5), lastEventSeq: 2 }]);
  });

  it.each<[string, Partial<UsageEvent>]>([
    ['key', { credentialId: id(0) }],
    ['phase of a key', { phaseId: id(0) }],
    ['period of a key', { periodStartMs: 2 }],
    ['API version', { apiVersionId: id(0) }],
    ['operation', { operation: 'b' }],
    ['class of status', { status: 404 }],
    ['quarter of an hour', { id: '0190aab8-0000-7000-8000-000000000001' }],
    ['meter', { quantities: { tokens: '1' } }],
    ['billability', { billable: false }],
    ['part in the quota', { countsToQuota: false }],
  ])('has a row of its own for another %s', (_, other) => {
    expect(
      rowsOf(other, event)
        .map(({ eventCount }) => eventCount)
        .toSorted((a, b) => a - b),
    ).toEqual([1, 2]);
  });

  it('has one for another period that bills them', () => {
    expect(
      rollupRows([
        { event, settlesInMs: 1 },
        { event, settlesInMs: 2 },
      ]),
    ).toHaveLength(2);
  });
});
