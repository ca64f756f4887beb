import { hashImportedKey } from '#domain';
import { type KeyToImport, importCredentials, revokeCredential } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';

const CLI = { kind: 'cli', id: null } as const;

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest();
  under.upstream.answer();
});
afterAll(() => under.dispose());

let row = 1;
const aKey = (secret: string | KeyToImport['secret'], overrides: Partial<KeyToImport> = {}): KeyToImport => ({
  row: `line ${++row}`,
  organization: 'Ada',
  application: 'Shop',
  plan: { productSlug: under.catalog.product.slug, planSlug: under.catalog.plan.slug },
  secret: typeof secret === 'string' ? { kind: 'plain', key: secret } : secret,
  prefix: null,
  name: 'Imported',
  mode: 'live',
  expiresAt: null,
  ...overrides,
});
const salted = (key: string, salt: string | null) =>
  ({ kind: 'sha256', hash: hashImportedKey(key, salt), salt }) as const;
const run = (keys: readonly KeyToImport[]) => importCredentials(under.database.context, keys, CLI);
const count = async (table: string) =>
  (
    await under.database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ count: number }>(`SELECT count(*)::integer AS count FROM ${table}`),
    )
  )[0]!.count;
const until = (key: string, status: number) =>
  eventually(
    () => under.call('/things', { key }),
    (answer) => answer.status === status,
  );

describe('importing keys of another gateway', () => {
  it('lets them be used as before, plain, hashed or salted, in every place', async () => {
    const keys = [
      aKey('kong-plain-0123456789'),
      aKey(salted('zuplo-hashed-0123456789', null), { prefix: 'zuplo', organization: 'Bob' }),
      aKey(salted('other-salted-0123456789', 'pinch:'), { application: 'Till' }),
    ];
    expect(await run(keys)).toEqual({ imported: 3, alreadyThere: 0 });
    for (const key of ['kong-plain-0123456789', 'zuplo-hashed-0123456789', 'other-salted-0123456789']) {
      const answer = await until(key, 200);
      expect(await under.eventOf(answer.headers['tollgate-request-id'])).toMatchObject({ mode: 'live' });
      under.upstream.requests.length = 0;
      expect((await call(`${under.url}/things`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200);
      expect(JSON.stringify(under.upstream.requests)).not.toContain(key);
    }
    expect((await under.call('/things', { key: 'kong-plain-012345678' })).status).toBe(401);
    expect((await under.call('/things', { key: under.consumer.key })).status).toBe(200);
  });

  it('again changes nothing, and adds only what is new', async () => {
    const first = [aKey('kong-again-0000000001'), aKey('kong-again-0000000002')];
    expect(await run(first)).toEqual({ imported: 2, alreadyThere: 0 });
    const before = [await count('credential'), await count('application'), await count('subscription')];
    expect(await run(first)).toEqual({ imported: 0, alreadyThere: 2 });
    expect([await count('credential'), await count('application'), await count('subscription')]).toEqual(before);
    expect(await run([...first, aKey('kong-again-0000000003')])).toEqual({ imported: 1, alreadyThere: 2 });
  });

  it('is all or nothing, and names the rows that stand in the way', async () => {
    await run([aKey('kong-taken-0000000001'), aKey(salted('kong-taken-0000000002', 'pinch:'))]);
    const before = [await count('credential'), await count('organization'), await count('application')];
    const fine = aKey('kong-fine-00000000001', { organization: 'Nobody yet' });
    const refusals: readonly (readonly [KeyToImport, RegExp])[] = [
      [aKey('short'), /less than 16 characters/],
      [aKey('tg_live_AbCdEf123456_x'), /own form/],
      [aKey('with a blank in it 1'), /without blanks/],
      [aKey({ kind: 'sha256', hash: Buffer.alloc(20), salt: null }), /64 hex digits/],
      [aKey('kong-fine-00000000001'), new RegExp(`the same key as ${fine.row}`)],
      [aKey(salted('kong-fine-00000000001', 'pinch:')), new RegExp(`the same key as ${fine.row}, salted`)],
      [aKey('kong-taken-0000000001', { application: 'Another' }), /for another application/],
      [aKey('kong-taken-0000000002'), /was imported before as a salted hash/],
      [aKey('kong-plan-00000000001', { plan: { productSlug: 'none', planSlug: 'none' } }), /no API product "none"/],
    ];
    for (const [wrong, message] of refusals) {
      const refused = expect(run([fine, wrong])).rejects;
      await refused.toThrow(message);
      if (!/another|before/.test(String(message))) await expect(run([fine, wrong])).rejects.toThrow(`${wrong.row}: `);
    }
    expect([await count('credential'), await count('organization'), await count('application')]).toEqual(before);
    expect((await under.call('/things', { key: 'kong-fine-00000000001' })).status).toBe(401);
  });

  it('keeps the number of salts small, as each costs every unknown key a hash', async () => {
    const many = Array.from({ length: 9 }, (_, index) => aKey(salted(`kong-salts-${index}`, `salt${index}`)));
    await expect(run(many)).rejects.toThrow(/at most 8/);
  });

  it('gives keys that can be revoked', async () => {
    await run([aKey('kong-revoke-0000000001')]);
    await until('kong-revoke-0000000001', 200);
    const [found] = await under.database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ id: string; organizationId: string; imported_prefix: string }>(
        `SELECT id, organization_id AS "organizationId", imported_prefix FROM credential WHERE secret_hash = $1`,
        [hashImportedKey('kong-revoke-0000000001', null)],
      ),
    );
    expect(found!.imported_prefix).toBe('kong-r');
    await revokeCredential(under.database.context, { ...found!, credentialId: found!.id, actor: CLI });
    await until('kong-revoke-0000000001', 401);
  });
});
