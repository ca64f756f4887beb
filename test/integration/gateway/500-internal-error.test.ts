import { appendChange } from '#persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentedVersion } from '../../support/documented-version.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';

const operation = (operationId: string) => ({
  operationId,
  requestBody: { content: { 'application/json': { schema: { type: 'object' } } } },
  responses: {},
});
const paths = { '/broken': { post: operation('broken') }, '/sound': { post: operation('sound') } };
const validation = { parameters: true, body: true, mode: 'enforce', maxBodyBytes: 1_000 } as const;

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest({ version: documentedVersion({ paths }, { validation }) });
  const { database, catalog } = under;
  // No way of applying a document leads to a contract that cannot be read: this stands for any fault of the gateway's own.
  await database.unitOfWork.inSystem(async (transaction) => {
    await transaction.query(
      `UPDATE api_version SET contract = jsonb_set(contract::jsonb, '{operations,broken}', '"{"')::json WHERE id = $1`,
      [catalog.version.id],
    );
    await appendChange(transaction, 'catalog', 'all', database.clock.now());
  });
  await under.sync();
});
afterAll(() => under.dispose());

const json = { 'content-type': 'application/json' };

describe('a request that meets a fault of the gateway', () => {
  it('is answered with 500, leaves no event, and harms no other request', async () => {
    for (const headers of [json, { ...json, 'transfer-encoding': 'chunked' }]) {
      const answer = await under.call('/broken', { method: 'POST', headers, body: '{}' });
      expect(answer.json()).toMatchObject({ status: 500, code: 'internal_error' });
    }
    expect(await under.events()).toEqual([]);
    expect((await under.call('/sound', { method: 'POST', headers: json, body: '{}' })).status).toBe(200);
  });
});
