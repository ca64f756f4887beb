import {
  changePlan,
  findInvoice,
  issueCreditNote,
  issueReviewed,
  migrateSubscribers,
  previewPlanChange,
  readBalance,
  reissueInvoice,
  verifyLedger,
  voidInvoice,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectRevenueAsBooked } from '../../support/booked-revenue.js';
import { Collection, cards } from '../../support/collection.js';
import { CouponScene, inWords } from '../../support/coupon-scene.js';
import type { TestDatabase } from '../../support/database.js';

const actor = { kind: 'user', id: 'ada' } as const;
const inAdvance = { fixedFee: '10.00', fixedFeeDue: 'in_advance' } as const;

describe('an invoice with a coupon', () => {
  let scene: CouponScene;
  let database: TestDatabase;
  let collection: Collection;
  beforeEach(async () => {
    scene = await CouponScene.open();
    ({ database } = scene);
    collection = await Collection.start(database);
    await collection.saveCard(scene.owner.organizationId, cards.good);
  });
  afterEach(async () => {
    await collection[Symbol.asyncDispose]();
    await scene.dispose();
  });

  const of = (subscriptionId: string) => ({ organizationId: scene.owner.organizationId, subscriptionId });
  const totalsOf = async (id: string) => (await scene.invoicesOf(id)).map(({ total }) => total);
  const credit = (invoiceId: string, lines: Parameters<typeof issueCreditNote>[1]['lines'] = null) =>
    issueCreditNote(database.context, { invoiceId, lines, reason: 'Charged by mistake', actor });
  const agrees = async () => {
    const { checks } = await verifyLedger(database.context, { provider: collection.provider });
    expect(checks.filter(({ ok, name }) => !ok && name !== 'events')).toEqual([]);
    await expectRevenueAsBooked(database.context);
  };

  it('that is void is made anew with the same amounts, and uses up no further month', async () => {
    await collection.saveCard(scene.owner.organizationId, cards.declined);
    await scene.aCoupon({ amountOffMinor: 700n, currency: 'USD', months: 2 });
    const { id } = await scene.take(await scene.plan({ ...inAdvance, prices: [] }), 'SPRING');
    await collection.settle();
    const [first] = await scene.invoicesOf(id);
    const lines = ['fixed_fee 1000', 'discount -700'];
    await voidInvoice(database.context, { invoiceId: first!.id, reason: 'Another address', reissue: false, actor });
    const again = await reissueInvoice(database.context, { invoiceId: first!.id, actor });
    await collection.saveCard(scene.owner.organizationId, cards.good);
    await issueReviewed(database.context, { invoiceId: again, actor });
    await collection.settle();
    expect(await findInvoice(database.context, { invoiceId: again })).toMatchObject({
      state: 'paid',
      totalMinor: 300n,
    });
    await scene.closeAt('2026-04-01T12:00:00Z');
    await collection.settle();
    expect(await scene.linesOf(id)).toEqual([lines, lines, lines, ['fixed_fee 1000']]);
    await agrees();
  });

  it('is credited by what was paid of a line, and then in full by the rest', async () => {
    await scene.aCoupon({ percentOff: '60', months: 1 });
    const planVersionId = await scene.plan({ fixedFee: '10.00' });
    const { id } = await scene.take(planVersionId, 'SPRING');
    await scene.use(id, planVersionId, '2026-02-10T00:00:00Z', '500');
    await scene.closeAt('2026-02-28T12:00:00Z');
    await collection.settle();
    const invoice = await findInvoice(database.context, { invoiceId: (await scene.invoicesOf(id))[0]!.id });
    expect(inWords(invoice.lines)).toEqual(['fixed_fee 1000', 'discount -600', 'usage 500', 'discount -300']);
    expect(invoice).toMatchObject({ state: 'paid', totalMinor: 600n });
    const [fee, discount] = invoice.lines;
    const invalid = expect.objectContaining({ code: 'credit_note_invalid' });
    // Four dollars of the fee were paid: not ten can be given back, though six were paid in all.
    await expect(credit(invoice.id, [{ lineId: fee!.id, amountMinor: 401n }])).rejects.toEqual(invalid);
    await expect(credit(invoice.id, [{ lineId: discount!.id, amountMinor: 1n }])).rejects.toEqual(invalid);
    expect(await credit(invoice.id, [{ lineId: fee!.id, amountMinor: 150n }])).toMatchObject({ totalMinor: 150n });
    expect(await credit(invoice.id)).toMatchObject({ totalMinor: 450n });
    await expect(credit(invoice.id)).rejects.toEqual(invalid);
    const { organizationId } = scene.owner;
    expect((await readBalance(database.context, { organizationId })).balances).toMatchObject([{ amountMinor: 600n }]);
    await agrees();
  });

  it('goes on over a change of plan at once and over a new version of it, month for month', async () => {
    await scene.aCoupon({ percentOff: '50', months: 3 });
    const small = await scene.plan({ ...inAdvance, prices: [] });
    const large = await scene.plan({ ...inAdvance, fixedFee: '20.00', prices: [] });
    const { id } = await scene.take(small, 'SPRING');
    database.clock.moveTo('2026-02-14T10:00:00Z');
    const shown = await previewPlanChange(database.context, { ...of(id), planVersionId: large });
    await changePlan(database.context, { ...of(id), planVersionId: large, paymentProvider: null, actor });
    await scene.closeAt('2026-02-28T12:00:00Z');
    // Half of ten dollars back and half of twenty, each with half off, and the next month.
    const changed = ['fixed_fee_credit -500', 'discount 250', 'fixed_fee 1000', 'discount -500', 'fixed_fee 2000'];
    expect((await scene.linesOf(id))[1]).toEqual([...changed, 'discount -1000']);
    expect(inWords(shown.rated!.lines)).toEqual([...changed, 'discount -1000']);
    await scene.rows(`UPDATE plan_version SET state = 'retired' WHERE id = $1`, [large]);
    const [{ next }] = (await scene.rows<{ next: string }>(
      `INSERT INTO plan_version SELECT gen_random_uuid(), plan_id, (SELECT max(number) + 1 FROM plan_version AS other
         WHERE other.plan_id = plan_version.plan_id), 'published', definition || '{"fixedFee": "30.00"}', 'next', published_at
       FROM plan_version WHERE id = $1 RETURNING id AS next`,
      [large],
    )) as [{ next: string }];
    const migration = { planVersionId: next, noticeDays: 0, overrides: 'keep', publisherUserId: null, actor } as const;
    const mail = { subject: '', text: '', html: '' };
    await migrateSubscribers(database.context, { ...migration, writeMail: () => mail });
    await scene.closeAt('2026-06-01T12:00:00Z');
    expect(await totalsOf(id)).toEqual(['500', '1250', '1500', '3000', '3000']);
    await collection.settle();
    await agrees();
  });
});
