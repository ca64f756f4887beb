import { type Coupon, noBillingDetails } from '#domain';
import { insertTaxRate, saveBillingDetails } from '#persistence';
import {
  changePlan,
  explainLine,
  exportInvoicesCsv,
  previewPlanChange,
  proposeCredits,
  previewTable,
  refuseSubscription,
  reportTable,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aSubscription } from '../../support/billing-rows.js';
import { expectRevenueAsBooked } from '../../support/booked-revenue.js';
import { Collection, cards } from '../../support/collection.js';
import { CouponScene, centPrices, inWords } from '../../support/coupon-scene.js';
import { type TestDatabase, tamper } from '../../support/database.js';

const { start } = CouponScene;
const actor = { kind: 'cli', id: null } as const;

describe('coupons', () => {
  let scene: CouponScene;
  let database: TestDatabase;
  let owner: SubscriptionRow;
  beforeEach(async () => {
    scene = await CouponScene.open();
    ({ database, owner } = scene);
  });
  afterEach(() => scene.dispose());

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) => scene.rows<Row>(sql, parameters);
  const anApplication = async (organizationId: string) => {
    const [row] = await rows<{ id: string }>(
      `INSERT INTO application VALUES (gen_random_uuid(), $1, 'App ' || gen_random_uuid(), $2) RETURNING id`,
      [organizationId, start],
    );
    return row!.id;
  };
  const refusal = (code: string) => expect.objectContaining({ code });

  it('take a share off each line of a month, as the preview says, and nothing off the next', async () => {
    await scene.aCoupon({ percentOff: '12.5' });
    const planVersionId = await scene.plan({ fixedFee: '9.99', fixedFeeDue: 'in_advance', setupFee: '25.00' });
    const shown = await scene.preview(planVersionId, ' spring ');
    const { id } = await scene.take(planVersionId, 'Spring');
    await scene.use(id, planVersionId, '2026-02-10T00:00:00Z', '333');
    const first = ['setup_fee 2500', 'discount -313', 'fixed_fee 999', 'discount -125'];
    expect(await scene.linesOf(id)).toEqual([first]);
    expect(inWords(shown.atStart.rated!.lines)).toEqual(first);
    expect(shown.atStart.rated!.subtotalMinor.toString()).toBe((await scene.invoicesOf(id))[0]!.total);
    await scene.closeAt('2026-04-01T12:00:00Z');
    expect(await scene.linesOf(id)).toEqual([
      first,
      ['usage 333', 'discount -42', 'fixed_fee 999'],
      ['usage 0', 'fixed_fee 999'],
    ]);
    expect(await scene.differing()).toEqual([]);
    const [, second] = await scene.invoicesOf(id);
    const explained = await explainLine(database.context, { invoice: second!.id, line: 2 });
    expect(explained).toMatchObject({
      agrees: true,
      line: {
        description: 'Spring sale: 12.5% off (requests)',
        meter: 'requests',
        unroundedAmount: '-0.41625',
      },
    });
    let csv = '';
    for await (const piece of exportInvoicesCsv(database.context)) csv += piece;
    expect(csv).toContain(',2,discount,requests,Spring sale: 12.5% off (requests),1,-42,-0.42,USD,');
    expect(await expectRevenueAsBooked(database.context)).toBeGreaterThan(2);
  });

  it('come after the minimum commitment, and before prepaid credits and tax', async () => {
    await rows(`UPDATE seller SET country = 'DE', tax_id = 'DE123456789'`);
    const rate = {
      country: 'DE',
      region: null,
      category: 'standard',
      name: 'VAT',
      percent: '19',
      taxId: null,
    } as const;
    await database.unitOfWork.inSystem(async (transaction) => {
      const id = database.context.ids.next();
      await insertTaxRate(transaction, {
        id,
        sellerSlug: 'default',
        ...rate,
        note: null,
        validFrom: start,
        validTo: null,
      });
      await saveBillingDetails(transaction, { ...noBillingDetails(owner.organizationId), country: 'DE' });
    });
    await scene.aCoupon({ amountOffMinor: 1_500n, currency: 'USD', months: 2 });
    const planVersionId = await scene.plan({
      fixedFee: '10.00',
      prices: [{ ...centPrices[0], minimumAmount: '20.00' }],
    });
    const { organizationId } = owner;
    const gift = { currency: 'USD', amountMinor: 10_000n, reason: 'Welcome', limit: 10_000 };
    await proposeCredits(database.context, { organizationId, ...gift, actor: { kind: 'user', id: 'ada' } });
    // With nothing used, as in the second month.
    const { firstPeriod } = await scene.preview(planVersionId, 'SPRING');
    expect(firstPeriod.rated!.lines.map(({ kind, amountMinor }) => `${kind} ${amountMinor}`)).toEqual([
      'fixed_fee 1000',
      'discount -1000',
      'usage 0',
      'minimum_commitment 2000',
      'discount -500',
      'prepaid_credit -1500',
    ]);
    expect(firstPeriod).toMatchObject({ rated: { subtotalMinor: 0n }, taxed: { taxMinor: 0n } });
    const { id } = await scene.take(planVersionId, 'SPRING');
    await scene.use(id, planVersionId, '2026-02-10T00:00:00Z', '1200');
    await scene.closeAt('2026-02-28T12:00:00Z');
    // Fifteen dollars off ten of the fee and five of the usage; credits pay what is left of the usage and its minimum.
    expect(await scene.linesOf(id)).toEqual([
      [
        'fixed_fee 1000',
        'discount -1000',
        'usage 1200',
        'discount -500',
        'minimum_commitment 800',
        'prepaid_credit -1500',
      ],
    ]);
    expect(await scene.invoicesOf(id)).toMatchObject([{ total: '0', tax: '0' }]);
    await scene.closeAt('2026-03-31T12:00:00Z');
    await scene.closeAt('2026-04-30T12:00:00Z');
    expect((await scene.linesOf(id)).slice(1)).toEqual([
      [
        'fixed_fee 1000',
        'discount -1000',
        'usage 0',
        'minimum_commitment 2000',
        'discount -500',
        'prepaid_credit -1500',
      ],
      ['fixed_fee 1000', 'usage 0', 'minimum_commitment 2000', 'prepaid_credit -2000'],
    ]);
    expect((await scene.invoicesOf(id)).at(-1)).toMatchObject({ total: '1190', tax: '190' });
    expect(await scene.differing()).toEqual([]);
  });

  it('are not turned into money by late usage: no more comes back than was charged after them', async () => {
    await scene.aCoupon({ amountOffMinor: 8_000n, currency: 'USD', months: 1 });
    const tiers = [
      { upTo: '10000', unitAmount: '0.01', flatAmount: '0' },
      { upTo: null, unitAmount: '0.005', flatAmount: '0' },
    ];
    const prices = [{ meter: 'requests', included: '0', price: { model: 'volume' as const, tiers } }];
    const planVersionId = await scene.plan({ fixedFee: '0', prices });
    const { id } = await scene.take(planVersionId, 'SPRING');
    await scene.use(id, planVersionId, '2026-02-10T00:00:00Z', '10000');
    await scene.closeAt('2026-02-28T12:00:00Z');
    await scene.use(id, planVersionId, '2026-02-11T00:00:00Z', '1', '2026-02-28T10:00:00Z');
    await scene.closeAt('2026-03-31T12:00:00Z');
    expect(await scene.linesOf(id)).toEqual([
      ['usage 10000', 'discount -8000'],
      ['usage 0', 'late_usage -3000', 'discount 3000'],
    ]);
    expect(await scene.rows(`SELECT amount_minor AS amount FROM balance_entry`)).toEqual([{ amount: '2000' }]);
    expect(await scene.differing()).toEqual([]);
  });

  it.each<[string, Partial<Coupon>, total: string, lines: string[]]>([
    [
      'a share',
      { percentOff: '50', months: null },
      '1375',
      ['fixed_fee_credit -750', 'discount 375', 'fixed_fee 1500', 'discount -750', 'fixed_fee 2000', 'discount -1000'],
    ],
    [
      // Of the month 2.50 and 15.00 are to pay in the end, of which five dollars were off already.
      'an amount',
      { amountOffMinor: 500n, currency: 'USD', months: null },
      '2250',
      ['fixed_fee_credit -750', 'discount 250', 'fixed_fee 1500', 'discount -250', 'fixed_fee 2000', 'discount -500'],
    ],
  ])('go with the part of a fee that an upgrade gives back: %s', async (_, change, total, lines) => {
    await scene.aCoupon(change);
    const small = await scene.plan({ fixedFee: '10.00', fixedFeeDue: 'in_advance', prices: [] });
    const large = await scene.plan({ fixedFee: '20.00', fixedFeeDue: 'in_advance', prices: [] });
    const { id } = await scene.take(small, 'SPRING');
    database.clock.moveTo('2026-02-07T10:00:00Z');
    const which = { organizationId: owner.organizationId, subscriptionId: id, planVersionId: large };
    const shown = await previewPlanChange(database.context, which);
    await changePlan(database.context, { ...which, paymentProvider: null, actor });
    await scene.closeAt('2026-02-28T12:00:00Z');
    const invoices = await scene.invoicesOf(id);
    expect(invoices[0]).toMatchObject({ total: '500' });
    expect(invoices[1]!.total).toBe(total);
    expect((await scene.linesOf(id))[1]).toEqual(lines);
    expect(inWords(shown.rated!.lines)).toEqual(lines);
    expect(await scene.differing()).toEqual([]);
  });

  it('are collected to the cent, and the provider has each line', async () => {
    await using collection = await Collection.start(database);
    await collection.saveCard(owner.organizationId, cards.good);
    await scene.aCoupon({ percentOff: '33.3333' });
    const { id } = await scene.take(await scene.plan({ fixedFee: '9.99', fixedFeeDue: 'in_advance' }), 'SPRING');
    await collection.settle();
    expect(await rows('SELECT state, total_minor AS total FROM invoice WHERE subscription_id = $1', [id])).toEqual([
      { state: 'paid', total: '666' },
    ]);
    expect(await scene.differing()).toEqual([]);
  });

  it('are redeemed as often as they may be, however many ask at once, and once by each organization', async () => {
    await scene.aCoupon({ percentOff: '10', maxRedemptions: 2 });
    const planVersionId = await scene.plan({ fixedFee: '10.00' });
    const others = [];
    for (let index = 0; index < 4; index++) others.push(await aSubscription(database));
    const tries = await Promise.allSettled([owner, ...others].map((of) => scene.take(planVersionId, 'SPRING', of)));
    const refused = tries.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code?: string }).code] : []));
    expect(refused).toEqual(['coupon_exhausted', 'coupon_exhausted', 'coupon_exhausted']);
    expect(await rows('SELECT redeemed FROM coupon')).toEqual([{ redeemed: 2 }]);
    // Who was refused has no subscription either.
    expect(
      await rows(`SELECT FROM subscription WHERE api_product_id = $1 AND state = 'active'`, [owner.apiProductId]),
    ).toHaveLength(2);

    await scene.aCoupon({ percentOff: '10' }, 'AGAIN');
    const { organizationId } = others[3]!;
    const applications = [await anApplication(organizationId), await anApplication(organizationId)];
    const both = await Promise.allSettled(
      applications.map((applicationId) => scene.take(planVersionId, 'AGAIN', { organizationId, applicationId })),
    );
    expect(both.toSorted((one, other) => one.status.localeCompare(other.status))).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'coupon_redeemed' } },
    ]);
  });

  it('are free again when the publisher refuses the subscription', async () => {
    await scene.aCoupon({ percentOff: '10', maxRedemptions: 1 });
    const planVersionId = await scene.plan({ fixedFee: '10.00', requiresApproval: true });
    const { id } = await scene.take(planVersionId, 'SPRING');
    expect(await rows('SELECT redeemed FROM coupon')).toEqual([{ redeemed: 1 }]);
    const writeMail = () => ({ subject: '', text: '', html: '' });
    const refusal = { publisherUserId: null, reason: null, actor, writeMail };
    await refuseSubscription(database.context, { subscriptionId: id, ...refusal });
    expect(await rows('SELECT redeemed FROM coupon')).toEqual([{ redeemed: 0 }]);
    await scene.take(planVersionId, 'SPRING');
  });

  it('are refused in words where they cannot be redeemed, by the preview too', async () => {
    const planVersionId = await scene.plan({ fixedFee: '10.00' });
    await scene.aCoupon({ percentOff: '10', archivedAt: start }, 'GONE');
    await scene.aCoupon({ percentOff: '10', expiresAt: start }, 'OLD');
    await scene.aCoupon({ percentOff: '10', offers: [`${owner.product}/pro`] }, 'OTHER');
    await scene.aCoupon({ amountOffMinor: 500n, currency: 'EUR' }, 'EURO');
    const outcomes = {
      NONE: 'coupon_code_not_found',
      GONE: 'coupon_code_not_found',
      "'; DROP": 'coupon_code_not_found',
      OLD: 'coupon_expired',
      OTHER: 'coupon_not_for_plan',
      EURO: 'coupon_currency_differs',
    };
    for (const [code, outcome] of Object.entries(outcomes)) {
      await expect(scene.preview(planVersionId, code)).rejects.toEqual(refusal(outcome));
      await expect(scene.take(planVersionId, code)).rejects.toEqual(refusal(outcome));
    }
    expect((await scene.preview(planVersionId)).coupon).toBeNull();
  });

  it('are less recurring revenue in their months, which is shown before them too', async () => {
    const mrrAt = async (at: string) => {
      const { columns, rows: shown } = await previewTable(
        reportTable(database.context, 'mrr', { at: new Date(at) }),
        100,
      );
      const [before, after] = [columns.indexOf('mrr_before_coupons'), columns.indexOf('mrr')];
      const product = columns.indexOf('product');
      return shown.filter((row) => row[product] === owner.product).map((row) => [row[before], row[after]]);
    };
    await scene.aCoupon({ percentOff: '25', months: 2 });
    await scene.aCoupon({ amountOffMinor: 700n, currency: 'USD', months: 1 }, 'SEVEN');
    const monthly = await scene.plan({ fixedFee: '10.00' });
    const yearly = await scene.plan({ fixedFee: '36.00', fixedFeeDue: 'in_advance', billingInterval: 'year' });
    const third = await aSubscription(database);
    await scene.take(monthly, 'SPRING');
    await scene.take(monthly, 'SEVEN', third);
    await scene.take(yearly, 'SEVEN', await aSubscription(database));
    const sum = (rowsOf: (string | null | undefined)[][]) =>
      [0, 1].map((column) => rowsOf.reduce((total, row) => total + Number(row[column]), 0).toFixed(2));
    // Twice ten and three a month; off it 2.50, 7.00 and a twelfth of seven dollars.
    expect(sum(await mrrAt('2026-02-27T00:00:00Z'))).toEqual(['23.00', '12.92']);
    expect(sum(await mrrAt('2026-03-01T00:00:00Z'))).toEqual(['23.00', '19.92']);
    expect(sum(await mrrAt('2026-03-31T10:00:00Z'))).toEqual(['23.00', '22.42']);
    expect(sum(await mrrAt('2027-01-31T10:00:00Z'))).toEqual(['23.00', '23.00']);
  });

  it('are fixed in the database, and a discount that somebody changed is found', async () => {
    const couponId = await scene.aCoupon({ percentOff: '10' });
    await expect(rows('UPDATE coupon SET percent_off = 50')).rejects.toThrow('permission denied');
    await expect(rows('UPDATE coupon SET redeemed = 0')).rejects.toThrow('permission denied');
    await expect(rows('DELETE FROM coupon_redemption')).rejects.toThrow('permission denied');
    const { id } = await scene.take(await scene.plan({ fixedFee: '10.00', fixedFeeDue: 'in_advance' }), 'SPRING');
    expect(await scene.linesOf(id)).toEqual([['fixed_fee 1000', 'discount -100']]);
    expect(await scene.differing()).toEqual([]);
    await tamper(database, `UPDATE coupon SET percent_off = 20 WHERE id = '${couponId}'`);
    expect(await scene.differing()).toMatchObject([{ name: 'lines' }]);
  });
});
