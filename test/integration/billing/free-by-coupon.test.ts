import type { PaymentProvider } from '#domain';
import { changePlan, reactivateSubscription, redeemForSubscription, removeCoupon, settleEndingTrials } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CouponScene, centPrices } from '../../support/coupon-scene.js';
import { tamper } from '../../support/database.js';

const actor = { kind: 'cli', id: null } as const;
const inAdvance = { fixedFee: '10.00', fixedFeeDue: 'in_advance' } as const;
const forGood = { percentOff: '100', months: null } as const;

describe('a plan that costs nothing because of a coupon', () => {
  let scene: CouponScene;
  beforeEach(async () => {
    scene = await CouponScene.open();
    await scene.rows(`UPDATE organization SET provider_customer_id = 'cus_1'`);
  });
  afterEach(() => scene.dispose());

  /** Only what is asked of it here: there is no card. */
  const provider = { defaultPaymentMethod: () => Promise.resolve(null) } as unknown as PaymentProvider;
  const take = (planVersionId: string, code?: string) => scene.take(planVersionId, code, scene.owner, provider);
  const cardNeeded = expect.objectContaining({ code: 'payment_method_required' });
  const of = (subscriptionId: string) => ({ organizationId: scene.owner.organizationId, subscriptionId });

  it('asks for no card, and never charges anything', async () => {
    await scene.aCoupon(forGood);
    const planVersionId = await scene.plan({
      ...inAdvance,
      setupFee: '5.00',
      prices: [{ ...centPrices[0], minimumAmount: '3.00' }],
    });
    expect(await scene.preview(planVersionId)).toMatchObject({ costsNothing: false });
    expect(await scene.preview(planVersionId, 'SPRING')).toMatchObject({ costsNothing: true });
    await expect(take(planVersionId)).rejects.toEqual(cardNeeded);
    const { id } = await take(planVersionId, 'SPRING');
    await scene.use(id, planVersionId, '2026-02-10T00:00:00Z', '333');
    await scene.closeAt('2026-04-01T12:00:00Z');
    expect((await scene.invoicesOf(id)).map(({ total }) => total)).toEqual(['0', '0', '0']);
    expect(await scene.differing()).toEqual([]);
  });

  it('asks for one when a later month costs something, and has redeemed nothing then', async () => {
    await scene.aCoupon({ percentOff: '100', months: 12 });
    const planVersionId = await scene.plan(inAdvance);
    expect(await scene.preview(planVersionId, 'SPRING')).toMatchObject({ costsNothing: false });
    await expect(take(planVersionId, 'SPRING')).rejects.toEqual(cardNeeded);
    expect(await scene.rows('SELECT redeemed FROM coupon')).toEqual([{ redeemed: 0 }]);
  });

  it('goes on after its trial without a card, also when the code is entered after it has ended', async () => {
    await scene.aCoupon(forGood);
    const trial = { days: 14, quotas: [], withoutCard: 'suspend' } as const;
    const { id } = await take(await scene.plan({ ...inAdvance, trial }));
    scene.database.clock.moveTo('2026-03-05T10:00:00Z');
    expect(await settleEndingTrials(scene.database.context, provider)).toEqual({ continued: 0, ended: 1 });
    const which = { ...of(id), paymentProvider: provider, actor };
    await expect(reactivateSubscription(scene.database.context, which)).rejects.toEqual(cardNeeded);
    await redeemForSubscription(scene.database.context, { ...of(id), couponCode: 'SPRING', actor });
    expect(await reactivateSubscription(scene.database.context, which)).toMatchObject({ status: 'active' });
  });

  it('goes on when its trial ends', async () => {
    await scene.aCoupon(forGood);
    const { id } = await take(
      await scene.plan({ ...inAdvance, trial: { days: 14, quotas: [], withoutCard: 'cancel' } }),
    );
    await redeemForSubscription(scene.database.context, { ...of(id), couponCode: 'SPRING', actor });
    scene.database.clock.moveTo('2026-02-14T09:30:00Z');
    expect(await settleEndingTrials(scene.database.context, provider)).toEqual({ continued: 1, ended: 0 });
  });

  it('asks for one when another plan is chosen that the coupon is not for, or that was chosen after it was removed', async () => {
    const small = await scene.plan(inAdvance);
    const large = await scene.plan({ ...inAdvance, fixedFee: '20.00' });
    await scene.aCoupon({ ...forGood, percentOff: null, amountOffMinor: 2_000n, currency: 'USD' });
    const pages = await scene.plan({ ...inAdvance, fixedFee: '30.00', prices: [] });
    const fees = await scene.plan({ ...inAdvance, fixedFee: '15.00', prices: [] });
    const free = await scene.plan({ fixedFee: '0', prices: [] });
    const { id } = await take(free, 'SPRING');
    const change = (planVersionId: string) =>
      changePlan(scene.database.context, { ...of(id), planVersionId, paymentProvider: provider, actor });
    for (const planVersionId of [small, large, pages]) await expect(change(planVersionId)).rejects.toEqual(cardNeeded);
    expect(await change(fees)).toMatchObject({ planVersionId: fees });
    const own = { subscriptionId: id, publisherUserId: null };
    await removeCoupon(scene.database.context, { ...own, reason: 'Over', actor });
    await expect(change(await scene.plan({ ...inAdvance, fixedFee: '16.00', prices: [] }))).rejects.toEqual(cardNeeded);
  });

  it('needs no account of the seller either where it is paid by transfer', async () => {
    await scene.aCoupon(forGood);
    await tamper(scene.database, `UPDATE organization SET payment_method = 'transfer', net_days = 30`);
    const planVersionId = await scene.plan(inAdvance);
    await expect(take(planVersionId)).rejects.toEqual(expect.objectContaining({ code: 'seller_account_missing' }));
    await take(planVersionId, 'SPRING');
  });
});
