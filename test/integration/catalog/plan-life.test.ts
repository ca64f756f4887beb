import {
  type CatalogChange,
  acceptTerms,
  changePlan,
  findPlanVersion,
  findProductTerms,
  listOfferedProducts,
  listProducts,
  listSubscriptions,
  subscribe,
  suspendOrganization,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { anApplication } from '../../support/factories.js';
import { applyFile, weatherApi, weatherProduct } from '../../support/weather-catalog.js';

const actor = { kind: 'user', id: 'somebody' } as const;

describe('the life of a plan', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.dispose());

  /** Applies a catalogue whose only plan is this one. */
  async function apply(plan: Readonly<Record<string, unknown>>, product: object = {}): Promise<string[]> {
    const plans = [{ slug: 'pro', title: 'Pro', currency: 'USD', ...plan }];
    const changes = await applyFile(database, {
      apis: [weatherApi({ v1: {} })],
      products: [weatherProduct({ plans, ...product })],
    });
    return changes.filter(({ noun }) => noun.startsWith('plan') || noun === 'terms').map(words);
  }
  const words = ({ action, noun, name, fields }: CatalogChange) =>
    [action, noun, name, ...fields.map(({ field }) => field)].join(' ');
  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const versions = () =>
    rows<{ id: string; number: number; state: string; fee: string }>(
      `SELECT id, number, state, definition ->> 'fixedFee' AS fee FROM plan_version ORDER BY number`,
    );
  const offeredTo = async (organizationId: string) =>
    (await listOfferedProducts(database.context, organizationId)).flatMap(({ plans }) => plans.map(({ slug }) => slug));
  const take = async (
    application: { id: string; organizationId: string },
    planVersionId: string,
    { kind = 'user', acceptedTerms }: { kind?: string; acceptedTerms?: string } = {},
  ) =>
    subscribe(database.context, {
      organizationId: application.organizationId,
      applicationId: application.id,
      planVersionId,
      acceptedTerms,
      paymentProvider: null,
      actor: kind === 'cli' ? { kind: 'cli', id: null } : actor,
    });
  const notFound = expect.objectContaining({ code: 'plan_version_not_found' });

  it('begins as a draft that may change and that nobody sees, and is fixed when it is published', async () => {
    expect(await apply({ fixedFee: '10.00', state: 'draft' })).toEqual([
      'create plan weather/pro',
      'create plan draft weather/pro@1',
    ]);
    expect(await apply({ fixedFee: '10.00', state: 'draft' })).toEqual([]);
    expect(await apply({ fixedFee: '11.00', state: 'draft' })).toEqual(['update plan draft weather/pro@1 fixedFee']);
    const [draft] = await versions();
    expect((await listProducts(database.context)).flatMap(({ plans }) => plans)).toEqual([]);
    await expect(findPlanVersion(database.context, draft!.id)).rejects.toEqual(notFound);
    await expect(take(await anApplication(database), draft!.id, { kind: 'cli' })).rejects.toEqual(notFound);
    expect(await apply({ fixedFee: '12.00' })).toEqual(['publish plan version weather/pro@1']);
    expect(await versions()).toMatchObject([{ id: draft!.id, number: 1, state: 'published', fee: '12.00' }]);
    await expect(rows(`UPDATE plan_version SET definition = '{}'`)).rejects.toThrow('publish a new version');
    await expect(rows(`UPDATE plan_version SET state = 'draft'`)).rejects.toThrow('publish a new version');
  });

  it('keeps what is published in force while the next version is a draft', async () => {
    await apply({ fixedFee: '10.00' });
    expect(await apply({ fixedFee: '20.00', state: 'draft' })).toEqual(['create plan draft weather/pro@2']);
    expect(await versions()).toMatchObject([{ state: 'published' }, { state: 'draft' }]);
    expect(await apply({ fixedFee: '20.00' })).toEqual(['publish plan version weather/pro@2 fixedFee']);
    expect(await versions()).toMatchObject([{ state: 'retired' }, { state: 'published', fee: '20.00' }]);
  });

  it('ends when it is retired: its subscribers stay, and there are no more', async () => {
    await apply({ fixedFee: '10.00' });
    const [version] = await versions();
    const { id } = await take(await anApplication(database), version!.id);
    expect(await apply({ fixedFee: '10.00', state: 'retired' })).toEqual(['retire plan version weather/pro@1']);
    expect(await apply({ fixedFee: '10.00', state: 'retired' })).toEqual([]);
    await expect(take(await anApplication(database), version!.id)).rejects.toEqual(
      expect.objectContaining({ code: 'plan_version_retired' }),
    );
    expect(await rows('SELECT state FROM subscription WHERE id = $1', [id])).toEqual([{ state: 'active' }]);
  });

  it('is only for the organizations that are invited', async () => {
    const invited = await anApplication(database);
    const stranger = await anApplication(database);
    const [row] = await rows<{ slug: string }>('SELECT slug FROM organization WHERE id = $1', [invited.organizationId]);
    expect(await apply({ visibility: 'invited', invited: [row!.slug] })).toEqual([
      'create plan weather/pro',
      'update plan weather/pro invited',
      'publish plan version weather/pro@1',
    ]);
    const [version] = await versions();
    expect((await listProducts(database.context)).flatMap(({ plans }) => plans)).toEqual([]);
    expect(await offeredTo(invited.organizationId)).toEqual(['pro']);
    expect(await offeredTo(stranger.organizationId)).toEqual([]);
    await expect(take(stranger, version!.id)).rejects.toEqual(notFound);
    expect(await take(invited, version!.id)).toMatchObject({ status: 'active' });
    expect(await apply({ visibility: 'invited' })).toEqual([]);
    expect(await offeredTo(invited.organizationId)).toEqual(['pro']);
    await expect(apply({ visibility: 'invited', invited: ['nobody'] })).rejects.toThrow(
      'products.weather/pro.invited: there is no organization "nobody"',
    );
    expect(await apply({ visibility: 'public' })).toEqual([
      'update plan weather/pro visibility',
      'update plan weather/pro invited',
    ]);
    expect(await offeredTo(stranger.organizationId)).toEqual(['pro']);
  });

  it('is not taken by an organization that is suspended, until it is restored', async () => {
    await apply({});
    const [version] = await versions();
    const application = await anApplication(database);
    const standing = { organizationId: application.organizationId, reason: 'abuse', actor };
    await suspendOrganization(database.context, { ...standing, isSuspended: true });
    await expect(take(application, version!.id)).rejects.toMatchObject({ code: 'organization_suspended' });
    await suspendOrganization(database.context, { ...standing, isSuspended: false });
    expect(await take(application, version!.id)).toMatchObject({ state: 'active' });
  });

  it('is given by the operator only while it is private', async () => {
    await apply({ visibility: 'private' });
    const [version] = await versions();
    const application = await anApplication(database);
    expect(await offeredTo(application.organizationId)).toEqual([]);
    await expect(take(application, version!.id)).rejects.toEqual(notFound);
    expect(await take(application, version!.id, { kind: 'cli' })).toMatchObject({ status: 'active' });
  });

  describe('terms', () => {
    const terms = (version: string, text = 'Be kind.') => ({ terms: { version, text } });
    const code = (expected: string) => expect.objectContaining({ code: expected });
    const accepted = () =>
      rows('SELECT version, actor_id FROM terms_acceptance JOIN product_terms ON id = product_terms_id ORDER BY 1');

    it('are versions of their own, whose text never changes, and stay when the file is silent', async () => {
      const published = ['publish terms weather@1'];
      expect((await apply({}, terms('1'))).filter((change) => change.includes('terms'))).toEqual(published);
      expect(await apply({}, terms('1'))).toEqual([]);
      await expect(apply({}, terms('1', 'Be cruel.'))).rejects.toThrow('version 1 was published before');
      expect(await apply({}, terms('2'))).toEqual(['publish terms weather@2']);
      await expect(apply({}, terms('1'))).rejects.toEqual(code('terms_version_taken'));
      expect(await apply({})).toEqual([]);
      expect(await listProducts(database.context)).toMatchObject([{ termsVersion: '2' }]);
      expect(await findProductTerms(database.context, 'weather', '1')).toMatchObject({ text: 'Be kind.' });
      await expect(rows(`UPDATE product_terms SET text = ''`)).rejects.toThrow('permission denied');
    });

    it('are accepted to subscribe, in the version in force, and once', async () => {
      await apply({}, terms('1'));
      const [version] = await versions();
      const application = await anApplication(database);
      await expect(take(application, version!.id)).rejects.toEqual(code('terms_not_accepted'));
      await expect(take(application, version!.id, { acceptedTerms: '0' })).rejects.toEqual(code('terms_changed'));
      expect(await accepted()).toEqual([]);
      const { id: subscriptionId, terms: shown } = await take(application, version!.id, { acceptedTerms: '1' });
      expect(shown).toEqual({ version: '1', isAccepted: true });
      const which = { organizationId: application.organizationId, subscriptionId, actor };
      expect((await acceptTerms(database.context, { ...which, version: '1' })).terms).toEqual(shown);
      expect(await accepted()).toEqual([{ version: '1', actor_id: 'somebody' }]);
    });

    it('that are new are accepted for what runs, or with a change of plan', async () => {
      await apply({ fixedFee: '1.00' });
      const [first] = await versions();
      const application = await anApplication(database);
      const subscription = await take(application, first!.id);
      expect(subscription.terms).toBeNull();
      await apply({ fixedFee: '2.00' }, terms('1'));
      const [, second] = await versions();
      const which = { organizationId: application.organizationId, subscriptionId: subscription.id, actor };
      await expect(acceptTerms(database.context, { ...which, version: '0' })).rejects.toEqual(code('terms_changed'));
      const change = (acceptedTerms?: string) =>
        changePlan(database.context, { ...which, planVersionId: second!.id, acceptedTerms, paymentProvider: null });
      await expect(change()).rejects.toEqual(code('terms_not_accepted'));
      expect((await change('1')).terms).toEqual({ version: '1', isAccepted: true });
      await apply({ fixedFee: '2.00' }, terms('2'));
      const [listed] = await listSubscriptions(database.context, application.organizationId);
      expect(listed!.terms).toEqual({ version: '2', isAccepted: false });
      const { terms: now } = await acceptTerms(database.context, { ...which, version: '2' });
      expect(now).toEqual({ version: '2', isAccepted: true });
      expect(await accepted()).toMatchObject([{ version: '1' }, { version: '2' }]);
    });

    it('are left to the customer when the operator subscribes somebody', async () => {
      await apply({}, terms('1'));
      const { terms: shown } = await take(await anApplication(database), (await versions())[0]!.id, { kind: 'cli' });
      expect(shown).toEqual({ version: '1', isAccepted: false });
    });
  });
});
