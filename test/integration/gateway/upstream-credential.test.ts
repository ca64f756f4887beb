import fs from 'node:fs';
import { UPSTREAM_SECRET_PURPOSE, sealSecret } from '#domain';
import { appendChange, insertSecret } from '#persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { eventually } from '../../support/eventually.js';

const ring = [{ id: '1', secret: Buffer.alloc(32, 9) }];
let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest();
});
afterAll(() => under.dispose());

/** Gives the version a credential for its upstream, sealed with these keys. */
async function setCredential(value: string, keys = ring): Promise<void> {
  const { database, catalog } = under;
  const id = database.context.ids.next();
  const sealed = sealSecret(value, UPSTREAM_SECRET_PURPOSE, keys, database.context.fillRandom);
  await database.unitOfWork.inSystem(async (transaction) => {
    await insertSecret(transaction, { id, purpose: UPSTREAM_SECRET_PURPOSE, ...sealed }, database.clock.now());
    const upstream = { ...catalog.version.upstream, credentialHeader: 'authorization' };
    await transaction.query('UPDATE api_version SET upstream = $2, upstream_secret_id = $3 WHERE id = $1', [
      catalog.version.id,
      upstream,
      id,
    ]);
    await appendChange(transaction, 'catalog', 'all', database.clock.now());
  });
  await under.sync();
}

describe('the publisher’s credential for its upstream', () => {
  it('goes with every call in the place of what the client sends, and is on disk only sealed', async () => {
    await setCredential('Bearer upstream-secret-value');
    under.upstream.requests.length = 0;
    expect((await under.call('/things', { headers: { authorization: 'Basic forged' } })).status).toBe(200);
    expect(under.upstream.requests[0]!.headers['authorization']).toBe('Bearer upstream-secret-value');
    const written = await eventually(
      () =>
        fs
          .readdirSync(under.folder)
          .map((name) => fs.readFileSync(`${under.folder}/${name}`, 'latin1'))
          .join('\n'),
      (text) => text.includes('"upstreamSecret":{'),
    );
    for (const secret of ['upstream-secret-value', under.consumer.key.split('_')[3]!])
      expect(written).not.toContain(secret);
  });

  it('closes the API, and nothing else, while it cannot be opened', async () => {
    await setCredential('Bearer other', [{ id: '7', secret: Buffer.alloc(32, 7) }]);
    const answer = await under.call('/things');
    expect(answer.status).toBe(503);
    expect(answer.json()).toMatchObject({ code: 'api_unavailable' });
    expect((await under.call('/nowhere')).status).toBe(404);
  });
});
