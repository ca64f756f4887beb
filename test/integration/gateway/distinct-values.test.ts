import { valueHash } from '#domain';
import { afterEach, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';

let under: GatewayUnderTest;
afterEach(() => under.dispose());

const bindings = [{ selector: '*', weight: '1' }];

describe('a meter that counts different values', () => {
  it('gets the hash of a header, of the key and of the application, and nothing of what only reports say', async () => {
    const unique = { aggregation: 'unique', bindings } as const;
    under = await startGatewayUnderTest({
      meters: [
        { slug: 'requests', bindings },
        { slug: 'users', ...unique, distinctValue: { from: 'request_header', header: 'X-User' } },
        { slug: 'keys', ...unique, distinctValue: { from: 'credential' } },
        { slug: 'apps', ...unique, distinctValue: { from: 'application' } },
        { slug: 'seats', ...unique, distinctValue: { from: 'report', pointer: '/seat' } },
      ],
    });
    const callAs = async (headers: Readonly<Record<string, string>>) =>
      (await under.eventOf((await under.call('/things', { headers })).headers['tollgate-request-id'])) as {
        readonly distinctValues?: Readonly<Record<string, string>>;
        readonly subscriptionId: string;
        readonly credentialId: string;
        readonly applicationId: string;
      };
    const event = await callAs({ 'x-user': 'ada' });
    const { subscriptionId, credentialId, applicationId } = event;
    const always = {
      keys: valueHash(subscriptionId, 'keys', credentialId),
      apps: valueHash(subscriptionId, 'apps', applicationId),
    };
    expect(event.distinctValues).toEqual({ ...always, users: valueHash(subscriptionId, 'users', 'ada') });
    expect((await callAs({})).distinctValues).toEqual(always);
    expect((await callAs({ 'x-user': 'x'.repeat(5_000) })).distinctValues!['users']).toHaveLength(32);
  });

  it('adds nothing to the event where there is none', async () => {
    under = await startGatewayUnderTest({ meters: [{ slug: 'requests', bindings }] });
    const answer = await under.call('/things');
    expect(await under.eventOf(answer.headers['tollgate-request-id'])).not.toHaveProperty('distinctValues');
  });
});
