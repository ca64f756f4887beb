import type { VersionPolicies } from '#domain';
import { appendChange } from '#persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentedVersion } from '../../support/documented-version.js';
import { aCredential, anApplication, aSubscriptionTo } from '../../support/factories.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { RawConnection } from '../../support/raw-http.js';

const paths = {
  '/things': {
    post: {
      operationId: 'createThing',
      requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
      responses: {},
    },
  },
};
const validation = { parameters: true, body: true, mode: 'enforce', maxBodyBytes: 64 } as const;
const strict: VersionPolicies = {
  addresses: { allow: [], deny: ['127.0.0.0/8'] },
  origins: { allow: ['https://good.test'], isRequired: true },
  sizes: { maxBodyBytes: 64 },
  validation,
};

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest({
    version: documentedVersion({ paths }, strict),
    definition: {
      rateLimits: [{ name: 'burst', limit: 1, windowSeconds: 3_600 }],
      quotas: [{ name: 'monthly', meter: 'requests', limit: 1, enforcement: 'hard' }],
    },
  });
});
afterAll(() => under.dispose());

async function change(sql: string, id: string, noun: 'catalog' | 'application', more?: unknown): Promise<void> {
  const { database } = under;
  await database.unitOfWork.inSystem(async (transaction) => {
    await transaction.query(sql, more === undefined ? [id] : [id, more]);
    await appendChange(transaction, noun, noun === 'catalog' ? 'all' : id, database.clock.now());
  });
  await under.sync();
}

/** The status and code of a request that is written as it is given. */
async function ask(...lines: readonly string[]): Promise<string> {
  const connection = await RawConnection.open(under.origin);
  connection.send(...lines);
  const received = await connection.until('\r\n\r\n');
  await connection.until('}');
  connection.socket.destroy();
  const code = /"code":"(\w+)"/.exec(connection.received)?.[1] ?? 'none';
  return `${received.slice(9, 12)} ${code}`;
}

describe('the order of the pipeline', () => {
  it('is that of its stages: of all that is wrong with a request, the first stage that minds answers', async () => {
    const { database, catalog, upstream } = under;
    const application = await anApplication(database);
    const { key } = await aCredential(database, { application });
    await change('UPDATE application SET suspended_at = now() WHERE id = $1', application.id, 'application');
    const policies = (value: VersionPolicies) =>
      change('UPDATE api_version SET policies = $2 WHERE id = $1', catalog.version.id, 'catalog', value);
    const { addresses: _addresses, ...afterAddresses } = strict;
    const { origins: _origins, ...afterOrigins } = afterAddresses;

    const basePath = catalog.version.basePath;
    const large = ['content-type: application/json', 'content-length: 100', '', 'x'.repeat(100)];
    const wrong = ['content-type: application/json', 'content-length: 2', '', '[]'];
    const right = ['content-type: application/json', 'content-length: 2', '', '{}'];
    const host = 'host: a';
    const withKey = [host, `x-api-key: ${key}`];
    const post = `POST ${basePath}/things HTTP/1.1`;

    const seen = [
      await ask(`PATCH ${basePath}/%zz HTTP/1.1`, ...large),
      await ask(`PATCH ${basePath}/%zz HTTP/1.1`, host, ...large),
      await ask(`PATCH ${basePath}/none HTTP/1.1`, host, ...large),
      await ask(`PATCH ${basePath}/things HTTP/1.1`, host, ...large),
      await ask(post, host, ...large),
      await ask(post, ...withKey, ...large),
    ];
    await policies(afterAddresses);
    seen.push(await ask(post, ...withKey, ...large));
    await change('UPDATE application SET suspended_at = NULL WHERE id = $1', application.id, 'application');
    seen.push(await ask(post, ...withKey, ...large));
    await policies(afterOrigins);
    seen.push(await ask(post, ...withKey, ...large));
    await aSubscriptionTo(database, { application, catalog });
    await under.sync();
    seen.push(await ask(post, ...withKey, ...large));
    seen.push(await ask(post, ...withKey, ...wrong));
    seen.push(await ask(post, ...withKey, ...right));
    seen.push(await ask(post, ...withKey, ...wrong));
    seen.push(await ask(post, ...withKey, ...right));
    expect(seen).toEqual([
      '400 malformed_request',
      '400 malformed_request',
      '404 route_not_found',
      '405 method_not_allowed',
      '401 invalid_api_key',
      '403 address_not_allowed',
      '403 application_suspended',
      '403 origin_not_allowed',
      '403 not_subscribed',
      '413 body_too_large',
      '400 request_invalid',
      '200 none',
      '400 request_invalid',
      '429 rate_limit_exceeded',
    ]);
    expect(upstream.requests).toHaveLength(1);
  });
});
