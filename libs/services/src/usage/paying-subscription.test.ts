import type { ReportedUsage } from '#domain';
import type { ReportableSubscription } from '#persistence';
import { describe, expect, it } from 'vitest';
import { payingSubscription } from './paying-subscription.js';

const at = (day: number) => new Date(Date.UTC(2026, 1, day));

function aSubscription(
  id: string,
  { product = 'weather', meters = ['requests'], from = 1, to = null as number | null } = {},
): ReportableSubscription {
  return {
    id,
    organizationId: 'o',
    applicationId: 'a',
    apiProductId: product,
    productSlug: product,
    anchorAt: at(from),
    apiVersionId: 'v',
    meters: meters.map((slug) => ({ slug, distinctValue: null })),
    phases: [{ id: `${id}-phase`, planVersionId: 'pv', startsAt: at(from), endsAt: to === null ? null : at(to) }],
  };
}

const usageOf = (...meters: string[]) => ({
  quantities: Object.fromEntries(meters.map((meter) => [meter, '1'])),
  product: null,
});

function payingAt(day: number, usage: Partial<ReportedUsage>, ...subscriptions: ReportableSubscription[]) {
  const found = payingSubscription(usage as ReportedUsage, subscriptions, at(day).getTime());
  return 'pointer' in found ? `${found.pointer}: ${found.message}` : found.phase.id;
}

describe('usage that is reported for an application', () => {
  const first = aSubscription('first', { to: 10 });
  const again = aSubscription('again', { from: 12 });
  const maps = aSubscription('maps', { product: 'maps', meters: ['requests', 'tiles'] });

  it('belongs to the subscription that it had at that time', () => {
    expect(payingAt(9, usageOf('requests'), first, again)).toBe('first-phase');
    expect(payingAt(12, usageOf('requests'), first, again)).toBe('again-phase');
    expect(payingAt(10, usageOf('requests'), first, again)).toBe('/time: the subscription had no plan at that time');
  });

  it('belongs to the product that has its meters', () => {
    expect(payingAt(5, usageOf('tiles'), first, maps)).toBe('maps-phase');
    expect(payingAt(5, usageOf('requests', 'tiles'), first, maps)).toBe('maps-phase');
  });

  it('is refused where several products could have it, until the report names one', () => {
    expect(payingAt(5, usageOf('requests'), first, maps)).toBe(
      '/data/product: the application has subscriptions to weather, maps: say which product this was used of',
    );
    expect(payingAt(5, { ...usageOf('requests'), product: 'maps' }, first, maps)).toBe('maps-phase');
    expect(payingAt(11, usageOf('requests'), first, maps)).toBe('maps-phase');
  });

  it('is refused with what is wrong', () => {
    expect(payingAt(5, { ...usageOf('requests'), product: 'radio' }, first, maps)).toBe(
      '/data/product: the subscription is to another product: weather, maps',
    );
    expect(payingAt(5, usageOf('minutes'), first)).toBe(
      '/data/quantities/minutes: the product has no such meter, but requests',
    );
    expect(payingAt(5, usageOf('minutes'), first, maps)).toBe(
      '/data/quantities/minutes: no product that the application has a subscription to counts all of this: weather, maps',
    );
  });
});
