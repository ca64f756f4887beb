import { expect, it } from 'vitest';
import type { BillingPeriod } from '../../api/types.js';
import { boardOf, dueBy } from './period-board.js';

const period = (subscriptionId: string, changes: Partial<BillingPeriod>): BillingPeriod => ({
  subscriptionId,
  organization: { id: 'o', name: 'O' },
  product: { slug: 'p', title: 'P' },
  start: '2026-10-08T00:00:00Z',
  end: '2026-11-08T00:00:00Z',
  state: 'open',
  heldReason: null,
  closedAt: null,
  ...changes,
});

const periods = [
  period('later', { end: '2026-12-08T00:00:00Z' }),
  period('sooner', {}),
  period('held', { state: 'incomplete' }),
  period('closed-first', { state: 'closed', closedAt: '2026-11-08T01:00:00Z' }),
  period('closed-last', { state: 'closed', closedAt: '2026-11-09T01:00:00Z' }),
];

it('puts on top what needs a look first', () => {
  const columns = boardOf(periods).map((column) => [column.state, column.periods.map((entry) => entry.subscriptionId)]);
  expect(columns).toEqual([
    ['open', ['sooner', 'later']],
    ['incomplete', ['held']],
    ['closed', ['closed-last', 'closed-first']],
  ]);
});

it('counts what closing at an instant would try', () => {
  expect(dueBy(periods, new Date('2026-11-07T23:59:59Z'))).toBe(0);
  expect(dueBy(periods, new Date('2026-11-08T00:00:00Z'))).toBe(2);
  expect(dueBy(periods, new Date('2027-01-01T00:00:00Z'))).toBe(3);
});
