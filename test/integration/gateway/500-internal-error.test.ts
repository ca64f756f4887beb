import { appendChange } from '#persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentedVersion } from '../../support/documented-version.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';

const operation = (operationId: string) => ({
  operationId,
  requestBody: { content: { 'application/json': { schema: { type: 'object' } } } },
  responses: { 200: { description: '', content: { 'application/json': { example: {} } } } },
});
const paths = {
  '/broken': { post: operation('broken') },
  '/sound': { post: operation('sound') },
  '/unanswered': { post: operation('unanswered') },
};
const validation = { parameters: true, body: true, mode: 'enforce', maxBodyBytes: 1_000 } as const;

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest({
    version: { ...documentedVersion({ paths }, { validation, mock: { for: 'all' } }), upstream: null },
    definition: {
      // Every call waits for the first, and some for the second.
      rateLimits: [{ name: 'burst', limit: 5, windowSeconds: 3_600, policy: 'shared' }],
      quotas: [{ name: 'monthly', meter: 'requests', limit: 5, enforcement: 'hard' }],
      concurrency: { limit: 1 },
    },
  });
  const { database, catalog } = under;
  // No way of applying a document leads to a contract that cannot be read: this stands for any fault of the gateway's own.
  await database.unitOfWork.inSystem(async (transaction) => {
    await transaction.query(
      `UPDATE api_version SET contract =
         jsonb_set(jsonb_set(contract::jsonb, '{operations,broken}', '"{"'), '{operations,unanswered}',
           to_jsonb(((contract::jsonb #>> '{operations,unanswered}')::jsonb || '{"responses": null}')::text))::json
       WHERE id = $1`,
      [catalog.version.id],
    );
    await appendChange(transaction, 'catalog', 'all', database.clock.now());
  });
  await under.sync();
});
afterAll(() => under.dispose());

const json = { 'content-type': 'application/json' };
const post = (path: string, headers: Record<string, string> = json) =>
  under.call(path, { method: 'POST', headers, body: '{}' });

describe('a request that meets a fault of the gateway', () => {
  it('is answered with 500, leaves no event, and harms no other request', async () => {
    for (const headers of [json, { ...json, 'transfer-encoding': 'chunked' }])
      expect((await post('/broken', headers)).json()).toMatchObject({ status: 500, code: 'internal_error' });
    expect(await under.events()).toEqual([]);
    expect((await post('/sound')).status).toBe(200);
  });

  it('gives back what it has taken, also when it has waited for it', async () => {
    for (let call = 0; call < 10; call++)
      expect((await post('/unanswered')).json()).toMatchObject({ status: 500, code: 'internal_error' });
    for (let call = 0; call < 4; call++) expect((await post('/sound')).status).toBe(200);
    expect((await post('/sound')).status).toBe(429);
  });
});
