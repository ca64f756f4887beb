import { expect, it } from 'vitest';
import { alertWords, capView, spentMinor } from './budget.js';

type Usage = Parameters<typeof capView>[0];

const line = (kind: string, amountMinor: string) => ({ kind, amount: { amountMinor, currency: 'USD', formatted: '' } });
const usage = (capMinor: string | null, ...lines: object[]) => {
  const moneyCap = capMinor === null ? null : { amountMinor: capMinor, currency: 'USD', formatted: `$${capMinor}` };
  return { subscription: { moneyCap, currency: 'USD' }, lines } as unknown as Usage;
};

it('counts against the cap what the usage of this period costs, and no fee', () => {
  const { lines } = usage(
    null,
    line('fixed_fee', '2900'),
    line('usage', '700'),
    line('usage', '90'),
    line('late_usage', '5'),
  );
  expect(spentMinor(lines)).toBe(790n);
});

it('has nothing to show without a cap', () => {
  expect(capView(usage(null, line('usage', '700')))).toBeNull();
});

it('warns from the second alert on, and says at the cap what happens', () => {
  const shown = (spent: string) => capView(usage('1000', line('usage', spent)))!;
  expect(shown('0')).toMatchObject({ percent: 0, tone: 'info', left: '$10.00 left', alerts: 'First alert at 50%' });
  expect(shown('799')).toMatchObject({ percent: 79.9, tone: 'info', alerts: 'Alert at 50% sent, next at 80%' });
  expect(shown('800')).toMatchObject({ tone: 'warning', alerts: 'Alert at 80% sent, next at 100%' });
  expect(shown('1500')).toMatchObject({
    percent: 100,
    tone: 'danger',
    left: 'Reached: calls that cost something are refused',
  });
});

it('takes a cap of nothing for reached', () => {
  expect(capView(usage('0'))).toMatchObject({ percent: 100, tone: 'danger' });
});

it('names the alerts of a period until there is none left', () => {
  expect([49.9, 50, 100].map(alertWords)).toEqual([
    'First alert at 50%',
    'Alert at 50% sent, next at 80%',
    'All alerts of this period were sent',
  ]);
});
