import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aPlanVersion, aSubscription } from '../../support/billing-rows.js';
import { CommandLine } from '../../support/command-line.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

describe('tollgate subscription and plan migrate', () => {
  let database: TestDatabase;
  let commandLine: CommandLine;
  let subscription: SubscriptionRow;
  beforeAll(async () => {
    database = await createTestDatabase();
    commandLine = new CommandLine(database);
  });
  afterAll(async () => {
    commandLine.dispose();
    await database.dispose();
  });
  beforeEach(async () => {
    subscription = await aSubscription(database);
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const slugOfPlan = async (versionId: string) => {
    const sql = 'SELECT slug FROM plan JOIN plan_version ON plan.id = plan_id WHERE plan_version.id = $1';
    return (await rows<{ slug: string }>(sql, [versionId]))[0]!.slug;
  };
  const run = (...words: readonly string[]) => commandLine.run(...words);
  const show = async () => JSON.parse((await run('subscription', 'show', subscription.id, '--json')).output) as object;

  it('shows what it is, for people', async () => {
    const { code, output } = await run('subscription', 'show', subscription.id);
    expect(code).toBe(0);
    expect(output).toMatch(/^state +active$/m);
    expect(output).toMatch(/^organization +Ada Ltd$/m);
  });

  it('is in the list of its organization', async () => {
    const list = (...words: readonly string[]) =>
      run('subscription', 'list', '--organization', subscription.organizationId, ...words);
    expect((await list()).output).toMatch(new RegExp(`^${subscription.id}\t\\S+/\\S+\tactive\t.+\n$`));
    expect(JSON.parse((await list('--json')).output)).toMatchObject({ id: subscription.id, status: 'active' });
  });

  it('previews a cancellation without canceling, cancels with the period, and takes it back', async () => {
    const preview = await run('subscription', 'cancel', subscription.id, '--preview');
    expect(preview.output).toMatch(/^Would be canceled at .*\n.*\n +1\.00 {2}Fixed fee\n(.*\n)* +1\.00 {2}USD\n$/);
    expect(await show()).toMatchObject({ status: 'active', cancelAt: null });
    await run('subscription', 'cancel', subscription.id);
    expect(await show()).toMatchObject({ status: 'cancel_scheduled' });
    await run('subscription', 'reactivate', subscription.id);
    expect(await show()).toMatchObject({ status: 'active', cancelAt: null });
    await run('subscription', 'cancel', subscription.id, '--now');
    expect(await show()).toMatchObject({ status: 'canceled' });
  });

  it('previews another plan, plans it, and takes it back', async () => {
    const id = await aPlanVersion(database, subscription, aPlanDefinition({ fixedFee: '5.00' }));
    const slug = await slugOfPlan(id);
    const change = (...words: readonly string[]) =>
      run('subscription', 'change', subscription.id, '--plan', `${subscription.product}/${slug}`, ...words);
    expect((await change('--preview')).output).toMatch(/^Would change at /);
    expect(await show()).toMatchObject({ planVersionId: subscription.planVersionId, plannedChange: null });
    await change('--period-end');
    expect(await show()).toMatchObject({
      planVersionId: subscription.planVersionId,
      plannedChange: { planVersionId: id },
    });
    await run('subscription', 'keep', subscription.id);
    expect(await show()).toMatchObject({ plannedChange: null });
    await change();
    expect(await show()).toMatchObject({ planVersionId: id });
    await expect(change('--now', '--period-end')).rejects.toThrow('choose one');
    await expect(
      run('subscription', 'change', subscription.id, '--plan', `${subscription.product}/none`),
    ).rejects.toThrow('offers no plan "none"');
  });

  it('lets begin what waits for approval, or refuses it', async () => {
    const wait = () => rows(`UPDATE subscription SET state = 'pending_approval' WHERE id = $1`, [subscription.id]);
    await wait();
    await run('subscription', 'approve', subscription.id);
    expect(await show()).toMatchObject({ status: 'active' });
    await wait();
    await run('subscription', 'refuse', subscription.id, '--reason', 'unknown');
    expect(await show()).toMatchObject({ status: 'canceled' });
    await expect(run('subscription', 'approve', subscription.id)).rejects.toThrow('cannot become active');
  });

  it('brings the subscribers of an older version to the published one', async () => {
    const target = database.context.ids.next();
    await rows(`UPDATE plan_version SET state = 'retired' WHERE id = $1`, [subscription.planVersionId]);
    await rows(
      `INSERT INTO plan_version SELECT $1, plan_id, 2, 'published', $2, 'hash', published_at FROM plan_version WHERE id = $3`,
      [target, JSON.stringify(aPlanDefinition({ fixedFee: '2.00' })), subscription.planVersionId],
    );
    const migrate = (notice: string) =>
      run('plan', 'migrate', '--plan', `${subscription.product}/pro`, '--notice-days', notice);
    expect((await migrate('30')).output).toMatch(/^1 subscriptions change/);
    expect(await show()).toMatchObject({ plannedChange: { planVersionId: target } });
    await expect(migrate('366')).rejects.toThrow('from 0 to 365');
  });

  it.each(['', 'atlas', '12345'])('refuses %j as the id of a subscription', async (word) => {
    await expect(run('subscription', 'cancel', word)).rejects.toThrow('expected the id of a subscription');
  });

  it('says that there is no such subscription', async () => {
    await expect(run('subscription', 'cancel', database.context.ids.next())).rejects.toThrow('no such subscription');
  });

  it('gives it other limits and prices after a preview, says so, and takes them back', async () => {
    const limits = [{ name: 'monthly', meter: 'requests', limit: 1000, enforcement: 'hard' as const }];
    subscription = await aSubscription(database, { definition: aPlanDefinition({ quotas: limits }) });
    const override = (...words: readonly string[]) => run('subscription', 'override', subscription.id, ...words);
    const wanted = ['--quota', 'monthly=5000', '--fixed-fee', '3.00'];
    expect((await override(...wanted, '--preview')).output).toMatch(
      /^Would begin at .*\n {4}~ fixedFee: 1\.00 → 3\.00\n {4}~ quotas\[monthly\]\.limit: 1000 → 5000\n/,
    );
    await expect(override(...wanted)).rejects.toThrow('--reason TEXT is needed');
    await expect(override('--quota', 'daily=1', '--reason', 'x')).rejects.toThrow('the plan has monthly');
    expect(await override(...wanted, '--reason', 'agreed')).toMatchObject({ code: 0 });
    expect(await show()).toMatchObject({ ownTerms: null, plannedChange: { plan: { versionNumber: 2 } } });
    expect((await run('subscription', 'overrides', subscription.id)).output).toMatch(/: agreed\n {4}~ fixedFee/);
    await run('subscription', 'revoke-override', subscription.id);
    expect(await show()).toMatchObject({ plannedChange: null });
    await run('subscription', 'note', subscription.id, '--text', 'Wants more.');
    expect((await run('subscription', 'note', subscription.id)).output).toMatch(/command line: Wants more\.\n$/);
  });
});
