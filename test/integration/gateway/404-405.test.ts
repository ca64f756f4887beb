import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendChange } from '#persistence';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';
import { eventually } from '../../support/eventually.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest();
});
afterAll(() => under.dispose());

describe('a request for what is not there', () => {
  it.each(['/nothing', '/things/1/parts', '/things/', ''])(
    'is refused at %j before its key is looked at',
    async (path) => {
      const answer = await call(under.url + path);
      expect(answer.status).toBe(404);
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(answer.json()).toMatchObject({
        code: 'route_not_found',
        requestId: answer.headers['tollgate-request-id'],
      });
    },
  );

  it('is refused outside of every API', async () => {
    expect((await call(`${under.origin}/`)).status).toBe(404);
    expect((await call(`${under.url}x/things`)).status).toBe(404);
  });

  it('is told which methods the path has', async () => {
    const answer = await call(`${under.url}/things/7`, { method: 'PUT' });
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe('DELETE, GET, HEAD');
    expect(answer.json()).toMatchObject({ code: 'method_not_allowed' });
  });

  it('is refused once the version is retired, and served while it is deprecated', async () => {
    const { database, catalog } = under;
    const setState = (state: string) =>
      database.unitOfWork.inSystem(async (transaction) => {
        await transaction.query('UPDATE api_version SET state = $2, deprecated_at = created_at WHERE id = $1', [
          catalog.version.id,
          state,
        ]);
        await appendChange(transaction, 'catalog', 'all', database.clock.now());
      });
    await setState('retired');
    await eventually(
      () => under.call('/things'),
      ({ status }) => status === 404,
    );
    await setState('deprecated');
    await eventually(
      () => under.call('/things'),
      ({ status }) => status === 200,
    );
  });
});
