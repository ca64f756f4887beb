import { type PaymentProvider, PaymentProviderError } from '#domain';
import {
  type PriceRiseNotice,
  cancelSubscription,
  findSubscription,
  redeemForSubscription,
  removeCoupon,
  settleEndingTrials,
  tellPriceRises,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CouponScene } from '../../support/coupon-scene.js';

const actor = { kind: 'cli', id: null } as const;
const inAdvance = { fixedFee: '10.00', fixedFeeDue: 'in_advance' } as const;
const trial = { days: 14, quotas: [], withoutCard: 'suspend' } as const;

describe('a subscription that costs more soon', () => {
  let scene: CouponScene;
  let told: PriceRiseNotice[];
  /** Of the saved card; null when there is none, and an error when the provider is away. */
  let card: object | null | Error;
  beforeEach(async () => {
    scene = await CouponScene.open();
    await scene.rows(`UPDATE organization SET provider_customer_id = 'cus_1'`);
    told = [];
    card = null;
  });
  afterEach(() => scene.dispose());

  const provider = {
    defaultPaymentMethod: () => (card instanceof Error ? Promise.reject(card) : Promise.resolve(card)),
  } as unknown as PaymentProvider;
  const take = (planVersionId: string, code?: string) => scene.take(planVersionId, code, scene.owner, provider);
  const tellAt = async (at: string) => {
    scene.database.clock.moveTo(at);
    const write = (notice: PriceRiseNotice) => {
      told.push(notice);
      return { subject: notice.because, text: '', html: '' };
    };
    return tellPriceRises(scene.database.context, provider, write);
  };
  const mails = async () =>
    (
      await scene.rows<{ subject: string }>(
        `SELECT payload ->> 'subject' AS subject FROM outbox WHERE queue = 'mail' ORDER BY id`,
      )
    ).map(({ subject }) => subject);

  it('is told of once, a week before its trial ends, and once more before its coupon does', async () => {
    card = { brand: 'visa' };
    await scene.aCoupon({ percentOff: '50', months: 2 });
    const { id } = await take(await scene.plan({ ...inAdvance, trial }), 'SPRING');
    expect(await tellAt('2026-02-07T09:59:00Z')).toBe(0);
    expect(await tellAt('2026-02-07T10:00:00Z')).toBe(1);
    expect(await tellAt('2026-02-10T10:00:00Z')).toBe(0);
    await settleEndingTrials(scene.database.context, provider);
    expect(await tellAt('2026-02-14T10:00:00Z')).toBe(0);
    expect(await findSubscription(scene.database.context, id)).toMatchObject({
      priceRise: { at: new Date('2026-03-31T10:00:00Z'), because: 'coupon_ends' },
    });
    expect(await tellAt('2026-03-24T09:59:00Z')).toBe(0);
    expect(await tellAt('2026-03-24T10:00:00Z')).toBe(1);
    expect(await tellAt('2026-05-24T10:00:00Z')).toBe(0);
    expect(told).toMatchObject([
      { because: 'trial_ends', at: new Date('2026-02-14T10:00:00Z'), coupon: null, fee: '$10.00', pays: 'card' },
      { because: 'coupon_ends', at: new Date('2026-03-31T10:00:00Z'), coupon: 'Spring sale', withoutCard: null },
    ]);
    expect(await mails()).toEqual(['trial_ends', 'coupon_ends']);
  });

  it('is told of that no card is saved, and what becomes of its trial then', async () => {
    await take(await scene.plan({ ...inAdvance, trial }));
    expect(await tellAt('2026-02-08T10:00:00Z')).toBe(1);
    expect(told).toMatchObject([{ because: 'trial_ends', pays: null, withoutCard: 'suspend' }]);
  });

  it('is told of at once when a coupon for good is removed that has needed no card', async () => {
    await scene.aCoupon({ percentOff: '100', months: null });
    const { id } = await take(await scene.plan(inAdvance), 'SPRING');
    expect(await tellAt('2026-02-25T10:00:00Z')).toBe(0);
    expect(await findSubscription(scene.database.context, id)).toMatchObject({ priceRise: null });
    const own = { subscriptionId: id, publisherUserId: null };
    await removeCoupon(scene.database.context, { ...own, reason: 'Over', actor });
    expect(await tellAt('2026-02-25T10:01:00Z')).toBe(1);
    expect(await tellAt('2026-02-25T11:00:00Z')).toBe(0);
    expect(told).toMatchObject([
      { subscriptionId: id, because: 'coupon_ends', at: new Date('2026-02-28T10:00:00Z'), pays: null },
    ]);
  });

  it('is told of by one worker, and again after the provider was away', async () => {
    await scene.aCoupon({ percentOff: '20', months: 1 });
    const planVersionId = await scene.plan({ fixedFee: '10.00' });
    card = { brand: 'visa' };
    await take(planVersionId, 'SPRING');
    card = new PaymentProviderError('away', true);
    await expect(tellAt('2026-02-22T10:00:00Z')).rejects.toThrow('away');
    card = null;
    expect(await tellAt('2026-02-22T10:09:00Z')).toBe(0);
    scene.database.clock.moveTo('2026-02-22T10:10:00Z');
    const each = await Promise.all([1, 2, 3].map(() => tellAt('2026-02-22T10:10:00Z')));
    expect(each.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(await mails()).toEqual(['coupon_ends']);
  });

  it('is not told of when it ends before, or costs nothing then either', async () => {
    await scene.aCoupon({ percentOff: '20', months: 1 });
    card = { brand: 'visa' };
    const { id: subscriptionId, organization } = await take(await scene.plan({ fixedFee: '10.00' }), 'SPRING');
    const which = { organizationId: organization.id, subscriptionId };
    await cancelSubscription(scene.database.context, { ...which, when: 'period_end', actor });
    expect(await tellAt('2026-02-25T10:00:00Z')).toBe(0);
    await cancelSubscription(scene.database.context, { ...which, when: 'now', actor });
    await scene.aCoupon({ percentOff: '20', months: 1 }, 'FREE');
    const { id: free } = await take(await scene.plan({ fixedFee: '0', prices: [] }));
    await redeemForSubscription(scene.database.context, { ...which, subscriptionId: free, couponCode: 'FREE', actor });
    expect(await tellAt('2026-03-20T10:00:00Z')).toBe(0);
    expect(told).toEqual([]);
  });
});
