import {
  cancelSubscription,
  listSubscriptions,
  previewRedemption,
  redeemForSubscription,
  removeCoupon,
  verifyLedger,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aSubscription } from '../../support/billing-rows.js';
import { CouponScene, inWords } from '../../support/coupon-scene.js';
import { type TestDatabase } from '../../support/database.js';

const actor = { kind: 'cli', id: null } as const;
const inAdvance = { fixedFee: '10.00', fixedFeeDue: 'in_advance' } as const;
const middle = '2026-02-14T10:00:00Z';

describe('a coupon on a subscription that runs', () => {
  let scene: CouponScene;
  let database: TestDatabase;
  let owner: SubscriptionRow;
  beforeEach(async () => {
    scene = await CouponScene.open();
    ({ database, owner } = scene);
  });
  afterEach(() => scene.dispose());

  const of = (subscriptionId: string) => ({ organizationId: owner.organizationId, subscriptionId });
  const redeem = (subscriptionId: string, couponCode = 'SPRING') =>
    redeemForSubscription(database.context, { ...of(subscriptionId), couponCode, actor });
  const preview = (subscriptionId: string, couponCode = 'SPRING') =>
    previewRedemption(database.context, { ...of(subscriptionId), couponCode });
  const remove = (subscriptionId: string) =>
    removeCoupon(database.context, { subscriptionId, publisherUserId: null, reason: 'Given by mistake', actor });
  const overview = async (subscriptionId: string) =>
    (await listSubscriptions(database.context, owner.organizationId)).find(({ id }) => id === subscriptionId)!;
  const refusal = (code: string) => expect.objectContaining({ code });

  it('takes something off all of the month under way when nothing of it is paid, as the preview says', async () => {
    await scene.aCoupon({ percentOff: '10' });
    const planVersionId = await scene.plan({ fixedFee: '10.00' });
    const { id } = await scene.take(planVersionId);
    await scene.use(id, planVersionId, '2026-02-10T00:00:00Z', '333');
    database.clock.moveTo(middle);
    const shown = await preview(id, ' spring ');
    expect(shown).toMatchObject({ from: CouponScene.start, coupon: { percentOff: '10' } });
    expect(inWords(shown.unchanged.rated!.lines)).toEqual(['fixed_fee 1000', 'usage 333']);
    expect(await redeem(id)).toMatchObject({
      coupon: { title: 'Spring sale', from: CouponScene.start, until: new Date('2026-02-28T10:00:00Z') },
    });
    await scene.closeAt('2026-04-01T12:00:00Z');
    const lines = ['fixed_fee 1000', 'discount -100', 'usage 333', 'discount -33'];
    expect(inWords(shown.rated!.lines)).toEqual(lines);
    expect(await scene.linesOf(id)).toEqual([lines, ['fixed_fee 1000', 'usage 0']]);
    expect((await overview(id)).coupon).toBeNull();
    expect(await scene.differing()).toEqual([]);
  });

  it.each([
    [
      { percentOff: '50', months: 2 },
      ['usage 400'],
      ['usage 400', 'discount -200'],
      ['fixed_fee 1000', 'discount -500'],
    ],
    [
      { amountOffMinor: 1_200n, currency: 'USD', months: 2 },
      ['usage 400'],
      ['usage 400', 'discount -200'],
      ['fixed_fee 1000', 'discount -1000'],
    ],
  ])(
    'takes it off the first month that is not paid in advance, and off as many: %o',
    async (change, first, used, fee) => {
      await scene.aCoupon(change);
      const planVersionId = await scene.plan(inAdvance);
      const { id } = await scene.take(planVersionId);
      for (const month of ['02', '03', '04', '05'])
        await scene.use(id, planVersionId, `2026-${month}-10T00:00:00Z`, '400');
      database.clock.moveTo(middle);
      const shown = await preview(id);
      await redeem(id);
      expect(shown.from).toEqual(new Date('2026-02-28T10:00:00Z'));
      await scene.closeAt('2026-06-01T12:00:00Z');
      const lines = await scene.linesOf(id);
      expect(lines).toEqual([
        ['fixed_fee 1000'],
        [...first, ...fee],
        [...used, ...fee],
        [...used, 'fixed_fee 1000'],
        ['usage 400', 'fixed_fee 1000'],
      ]);
      expect(inWords(shown.rated!.lines)).toEqual(lines[1]);
      expect(await scene.differing()).toEqual([]);
    },
  );

  it('changes no invoice of a month that is over, though it is not made yet', async () => {
    await scene.aCoupon({ percentOff: '10', months: null });
    const planVersionId = await scene.plan({ fixedFee: '10.00' });
    const { id } = await scene.take(planVersionId);
    database.clock.moveTo('2026-02-28T10:30:00Z');
    expect((await redeem(id)).coupon!.from).toEqual(new Date('2026-02-28T10:00:00Z'));
    await scene.closeAt('2026-04-01T12:00:00Z');
    expect(await scene.linesOf(id)).toEqual([
      ['fixed_fee 1000', 'usage 0'],
      ['fixed_fee 1000', 'discount -100', 'usage 0'],
    ]);
    expect(await scene.differing()).toEqual([]);
  });

  it('is on the last invoice of one that is canceled at once', async () => {
    await scene.aCoupon({ percentOff: '10' });
    const planVersionId = await scene.plan({ fixedFee: '0' });
    const { id } = await scene.take(planVersionId);
    await scene.use(id, planVersionId, '2026-02-10T00:00:00Z', '500');
    database.clock.moveTo(middle);
    await redeem(id);
    await cancelSubscription(database.context, { ...of(id), when: 'now', actor });
    await scene.closeAt('2026-02-14T12:00:00Z');
    expect(await scene.linesOf(id)).toEqual([['usage 500', 'discount -50']]);
  });

  it('waits in a trial for the first month that costs something', async () => {
    await scene.aCoupon({ percentOff: '10' });
    const trial = { days: 40, quotas: [], withoutCard: 'cancel' } as const;
    const { id } = await scene.take(await scene.plan({ ...inAdvance, trial, prices: [] }));
    database.clock.moveTo(middle);
    await redeem(id);
    // The trial ends in the second month, of which the rest is charged with its end.
    await scene.closeAt('2026-04-01T12:00:00Z');
    const [, second] = await scene.linesOf(id);
    expect(second!.filter((line) => line.startsWith('discount'))).toHaveLength(1);
    expect((await scene.linesOf(id)).flat().filter((line) => line.startsWith('discount'))).toHaveLength(1);
    expect(await scene.differing()).toEqual([]);
  });

  it('is redeemed once, however often it is entered, and another only when it is over', async () => {
    await scene.aCoupon({ percentOff: '10' });
    await scene.aCoupon({ percentOff: '20' }, 'AGAIN');
    await scene.aCoupon({ percentOff: '30', months: null }, 'ALWAYS');
    const { id } = await scene.take(await scene.plan({ fixedFee: '10.00' }));
    database.clock.moveTo(middle);
    await Promise.all([redeem(id), redeem(id), redeem(id)]);
    expect(await scene.rows(`SELECT actor_kind FROM audit_log WHERE action = 'redeemed a coupon for'`)).toHaveLength(1);
    expect(await scene.rows(`SELECT redeemed FROM coupon WHERE slug = 'spring'`)).toEqual([{ redeemed: 1 }]);
    await expect(redeem(id, 'AGAIN')).rejects.toEqual(refusal('coupon_in_force'));
    await expect(preview(id, 'AGAIN')).rejects.toMatchObject({
      code: 'coupon_in_force',
      message:
        'The subscription has the offer "Spring sale" until 2026-02-28T10:00:00.000Z: enter the code after that.',
    });
    database.clock.moveTo('2026-03-01T00:00:00Z');
    await expect(redeem(id)).rejects.toEqual(refusal('coupon_redeemed'));
    const both = await Promise.allSettled([redeem(id, 'AGAIN'), redeem(id, 'ALWAYS')]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await scene.closeAt('2026-04-01T12:00:00Z');
    const discounts = (await scene.linesOf(id)).map((lines) => lines.filter((line) => line.startsWith('discount')));
    expect(discounts[0]).toEqual(['discount -100']);
    expect(discounts[1]).toHaveLength(1);
    expect(await scene.differing()).toEqual([]);
  });

  it('goes to one of all who enter the last at once', async () => {
    await scene.aCoupon({ percentOff: '10', maxRedemptions: 1 });
    const planVersionId = await scene.plan({ fixedFee: '10.00' });
    const owners = [owner];
    for (let index = 0; index < 3; index++) owners.push(await aSubscription(database));
    const taken = [];
    for (const one of owners) taken.push({ one, id: (await scene.take(planVersionId, undefined, one)).id });
    const tries = await Promise.allSettled(
      taken.map(({ one: { organizationId }, id: subscriptionId }) =>
        redeemForSubscription(database.context, { organizationId, subscriptionId, couponCode: 'SPRING', actor }),
      ),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of tries)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'coupon_exhausted' });
    expect(await scene.rows('SELECT redeemed FROM coupon')).toEqual([{ redeemed: 1 }]);
  });

  it('is removed by staff with the end of the month, and not what is off already', async () => {
    await scene.aCoupon({ percentOff: '10', months: null });
    const planVersionId = await scene.plan(inAdvance);
    const { id } = await scene.take(planVersionId, 'SPRING');
    await scene.use(id, planVersionId, '2026-02-10T00:00:00Z', '100');
    database.clock.moveTo(middle);
    expect(await remove(id)).toMatchObject({ coupon: { until: new Date('2026-02-28T10:00:00Z') } });
    await remove(id);
    expect(await scene.rows(`SELECT details FROM audit_log WHERE action = 'removed the coupon of'`)).toEqual([
      { details: { title: 'Spring sale', endsAt: '2026-02-28T10:00:00.000Z', reason: 'Given by mistake' } },
    ]);
    await scene.closeAt('2026-03-01T12:00:00Z');
    expect(await scene.linesOf(id)).toEqual([
      ['fixed_fee 1000', 'discount -100'],
      ['usage 100', 'discount -10', 'fixed_fee 1000'],
    ]);
    await expect(remove(id)).rejects.toEqual(refusal('coupon_not_in_force'));
    await expect(redeem(id)).rejects.toEqual(refusal('coupon_redeemed'));
    expect(await scene.differing()).toEqual([]);
    await expect(scene.rows(`UPDATE coupon_redemption SET ends_at = '2027-01-01'`)).rejects.toThrow('is fixed');
  });

  it('that is removed before it counts takes nothing off, and makes room for another', async () => {
    await scene.aCoupon({ percentOff: '10', months: null });
    await scene.aCoupon({ percentOff: '20' }, 'OTHER');
    const { id } = await scene.take(await scene.plan(inAdvance));
    database.clock.moveTo(middle);
    await redeem(id);
    expect((await remove(id)).coupon).toBeNull();
    await redeem(id, 'OTHER');
    await scene.closeAt('2026-02-28T12:00:00Z');
    expect((await scene.linesOf(id)).at(-1)).toEqual(['usage 0', 'fixed_fee 1000', 'discount -200']);
    expect(await scene.differing()).toEqual([]);
  });

  it('is for the plan that is in force when it counts, and refused where it would take nothing off', async () => {
    await scene.aCoupon({ percentOff: '10', offers: [`${owner.product}/pro`] }, 'OTHER');
    await scene.aCoupon({ percentOff: '10' });
    const { id } = await scene.take(await scene.plan(inAdvance));
    database.clock.moveTo(middle);
    await expect(redeem(id, 'OTHER')).rejects.toEqual(refusal('coupon_not_for_plan'));
    await expect(redeem(id, 'NONE')).rejects.toEqual(refusal('coupon_code_not_found'));
    await expect(remove(id)).rejects.toEqual(refusal('coupon_not_in_force'));
    const { organizationId } = await aSubscription(database);
    const foreign = { organizationId, subscriptionId: id, couponCode: 'SPRING', actor };
    await expect(redeemForSubscription(database.context, foreign)).rejects.toEqual(refusal('subscription_not_found'));
    await cancelSubscription(database.context, { ...of(id), when: 'period_end', actor });
    await expect(redeem(id)).rejects.toEqual(refusal('cancel_scheduled'));
    await cancelSubscription(database.context, { ...of(id), when: 'now', actor });
    await expect(redeem(id)).rejects.toEqual(refusal('subscription_canceled'));
    const { id: waiting } = await scene.take(await scene.plan({ fixedFee: '10.00', requiresApproval: true }));
    await expect(redeem(waiting)).rejects.toEqual(refusal('approval_pending'));
    expect((await verifyLedger(database.context)).checks.find(({ name }) => name === 'lines')).toMatchObject({
      ok: true,
    });
  });
});
