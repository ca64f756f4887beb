import type { PaymentProvider } from '#domain';
import { saveProviderCustomer } from '#persistence';
import { createApplication, createOrganization, deleteApplication, deleteOrganization, subscribe } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aPlanDefinition, aPlanVersion, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

const actor = { kind: 'user', id: 'somebody' } as const;

describe('while the payment provider is asked for the card of who subscribes', () => {
  let database: TestDatabase;
  let planVersionId: string;
  let organizationId: string;
  let applicationId: string;
  const userId = 'somebody';
  beforeEach(async () => {
    database = await createTestDatabase('2026-01-31T10:00:00Z');
    planVersionId = await aPlanVersion(database, await aSubscription(database), aPlanDefinition({ fixedFee: '10.00' }));
    await rows(
      `INSERT INTO auth."user" (id, name, email, "emailVerified", "createdAt", "updatedAt") VALUES ($1, 'O', 'o@example.com', true, $2, $2)`,
      [userId, database.context.clock.now()],
    );
    const { context } = database;
    organizationId = (await createOrganization(context, { name: 'Late', ownerUserId: userId, actor })).id;
    applicationId = (await createApplication(context, { organizationId, name: 'Late', actor })).id;
    await database.unitOfWork.inSystem((transaction) => saveProviderCustomer(transaction, organizationId, 'cus_late'));
  });
  afterEach(() => database.dispose());

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const subscribeWhile = (act: () => Promise<unknown>) => {
    const provider: Pick<PaymentProvider, 'defaultPaymentMethod'> = {
      defaultPaymentMethod: async () => {
        await act();
        return { id: 'pm_1', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2030 };
      },
    };
    const paymentProvider = provider as PaymentProvider;
    return subscribe(database.context, { organizationId, applicationId, planVersionId, actor, paymentProvider });
  };
  const live = () => rows(`SELECT id FROM subscription WHERE organization_id = $1`, [organizationId]);

  it('a deleted application gets no subscription', async () => {
    const remove = () => deleteApplication(database.context, { organizationId, applicationId, actor });
    await expect(subscribeWhile(remove)).rejects.toMatchObject({ code: 'application_not_found' });
    expect(await live()).toEqual([]);
  });

  it('a deleted organization gets none', async () => {
    const writeNotice = ({ email }: { readonly email: string }) => ({ to: email, subject: 's', text: 't', html: 'h' });
    const remove = () =>
      deleteOrganization(database.context, { organizationId, confirmation: 'Late', userId, actor, writeNotice });
    await expect(subscribeWhile(remove)).rejects.toMatchObject({ code: 'organization_suspended' });
    expect(await live()).toEqual([]);
  });

  it('a plan that is no longer offered is not begun', async () => {
    const retire = () => rows(`UPDATE plan_version SET state = 'retired' WHERE id = $1`, [planVersionId]);
    await expect(subscribeWhile(retire)).rejects.toMatchObject({ code: 'plan_version_retired' });
    expect(await live()).toEqual([]);
  });
});
