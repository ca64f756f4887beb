import { deleteOrganization } from '#services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest();
  under.upstream.answer();
});
afterAll(() => under.dispose());

it('refuses the keys of an organization once it is deleted', async () => {
  const { database, consumer } = under;
  const { organizationId } = consumer.application;
  const rows = (sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query(sql, parameters));
  await rows(
    `INSERT INTO auth."user" (id, name, email, "emailVerified") VALUES ('ada', 'Ada', 'ada@example.com', true)`,
  );
  await rows(`INSERT INTO membership VALUES ($1, 'ada', 'owner', now())`, [organizationId]);
  // Of a subscription that is over, whose key opens nothing but is still known.
  await rows(`UPDATE subscription SET state = 'canceled', canceled_at = now() WHERE organization_id = $1`, [
    organizationId,
  ]);
  await rows(`UPDATE billing_period SET state = 'closed', closed_at = now() WHERE organization_id = $1`, [
    organizationId,
  ]);
  await under.sync();
  const status = async () => (await under.call('/things', { key: consumer.key })).status;
  expect(await status()).not.toBe(401);
  const [organization] = (await rows('SELECT name FROM organization WHERE id = $1', [organizationId])) as {
    name: string;
  }[];
  await deleteOrganization(database.context, {
    organizationId,
    confirmation: organization!.name,
    userId: 'ada',
    actor: { kind: 'user', id: 'ada' },
    writeNotice: ({ email }) => ({ to: email, subject: 'Deleted', text: '', html: '' }),
  });
  await eventually(status, (code) => code === 401);
});
