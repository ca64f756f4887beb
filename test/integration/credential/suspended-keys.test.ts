import {
  importCredentials,
  issueCredential,
  issueTryItKey,
  listCredentials,
  revokeCredential,
  rotateCredential,
  suspendOrganization,
} from '#services';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { testPeppers } from '../../support/factories.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';

const CLI = { kind: 'cli', id: null } as const;

describe.each(['organization', 'application'] as const)('the keys of an %s that is suspended', (noun) => {
  let under: GatewayUnderTest;
  let owner: { readonly organizationId: string; readonly applicationId: string };
  let existing: { readonly key: string; readonly credential: { readonly id: string } };
  beforeAll(async () => {
    under = await startGatewayUnderTest();
    under.upstream.answer();
    const { id: applicationId, organizationId } = under.consumer.application;
    owner = { organizationId, applicationId };
    existing = await issue();
  });
  afterAll(() => under.dispose());
  beforeEach(() => suspend(true));

  const issue = () =>
    issueCredential(under.database.context, {
      ...owner,
      name: 'Shop',
      mode: 'live',
      expiresAt: null,
      peppers: testPeppers,
      actor: CLI,
    });
  const rotate = () =>
    rotateCredential(under.database.context, {
      organizationId: owner.organizationId,
      credentialId: existing.credential.id,
      overlapSeconds: 0,
      peppers: testPeppers,
      actor: CLI,
    });
  async function suspend(isSuspended: boolean): Promise<void> {
    const { context, unitOfWork, clock } = under.database;
    const { organizationId, applicationId } = owner;
    if (noun === 'organization') {
      await suspendOrganization(context, { organizationId, isSuspended, reason: null, actor: CLI });
      return;
    }
    await unitOfWork.inSystem((transaction) =>
      transaction.query('UPDATE application SET suspended_at = $2 WHERE id = $1', [
        applicationId,
        isSuspended ? clock.now() : null,
      ]),
    );
  }
  const refusal = {
    code: `${noun}_suspended`,
    message: expect.stringMatching(/is suspended.*ask the operator.*can still be revoked/) as string,
  };

  it('get no new one and no successor, and nothing is kept of the try', async () => {
    await expect(issue()).rejects.toMatchObject(refusal);
    await expect(rotate()).rejects.toMatchObject(refusal);
    await expect(
      issueTryItKey(under.database.context, { ...owner, peppers: testPeppers, actor: CLI }),
    ).rejects.toMatchObject(refusal);
    const keys = await listCredentials(under.database.context, owner);
    expect(keys.find(({ id }) => id === existing.credential.id)).toMatchObject({ expiresAt: null, revokedAt: null });
    expect(keys.filter(({ rotatedFromId, isTryIt }) => rotatedFromId !== null || isTryIt)).toEqual([]);
  });

  it('are not imported either', async () => {
    const { application } = under.consumer;
    const [row] = await under.database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ name: string }>('SELECT name FROM organization WHERE id = $1', [owner.organizationId]),
    );
    const key = {
      row: 'line 2',
      organization: row!.name,
      application: application.name,
      plan: null,
      secret: { kind: 'plain', key: `kong-plain-${noun}` },
      prefix: null,
      name: 'Imported',
      mode: 'live',
      expiresAt: null,
    } as const;
    await expect(importCredentials(under.database.context, [key], CLI)).rejects.toThrow(/line 2: .*is suspended/);
  });

  it('can be made and rotated again once it is restored', async () => {
    await suspend(false);
    const { key } = await issue();
    await eventually(
      () => under.call('/things', { key }),
      ({ status }) => status === 200,
    );
    existing = await rotate();
  });

  it('can be revoked', async () => {
    const { organizationId } = owner;
    await revokeCredential(under.database.context, {
      organizationId,
      credentialId: existing.credential.id,
      actor: CLI,
    });
    const keys = await listCredentials(under.database.context, owner);
    expect(keys.find(({ id }) => id === existing.credential.id)!.revokedAt).not.toBeNull();
  });
});
