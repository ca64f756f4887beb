import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { askTaxIdRegister, changeBillingDetails, findBillingDetails } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ViesRegister } from '../../../apps/worker/src/tax/vies-register.js';
import { aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

const actor = { kind: 'user', id: 'ada' } as const;
const MINUTE = 60_000;
const german = { country: 'DE', value: 'DE136695976' };
const greek = { country: 'GR', value: 'EL094259216' };

describe('VAT numbers where a register is asked', () => {
  let database: TestDatabase;
  let server: Server;
  let register: ViesRegister;
  /** What the register says, by number; what it is not told it has no word for. */
  let says: Map<string, object | string>;
  let asked: string[];
  beforeEach(async () => {
    database = await createTestDatabase('2026-02-01T00:00:00Z');
    says = new Map();
    asked = [];
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { countryCode, vatNumber } = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>;
        asked.push(`${request.url} ${countryCode} ${vatNumber}`);
        const said = says.get(`${countryCode}${vatNumber}`) ?? '<html>Bad gateway</html>';
        response.end(typeof said === 'string' ? said : JSON.stringify(said));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    register = new ViesRegister(`http://127.0.0.1:${(server.address() as AddressInfo).port}/rest-api/`);
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await database.dispose();
  });

  const anOrganizationWith = async (...taxIds: readonly { country: string; value: string }[]) => {
    const { organizationId } = await aSubscription(database);
    await say(organizationId, ...taxIds);
    return organizationId;
  };
  const say = (organizationId: string, ...taxIds: readonly { country: string; value: string }[]) =>
    changeBillingDetails(database.context, {
      organizationId,
      details: {
        legalName: null,
        addressLines: [],
        country: 'DE',
        region: null,
        postalCode: null,
        taxIds,
        purchaseOrderNumber: null,
      },
      actor,
    });
  const ask = () => askTaxIdRegister(database.context, register);
  const checks = async (organizationId: string) =>
    (await findBillingDetails(database.context, organizationId)).taxIdChecks.map(({ value, state, name }) => [
      value,
      state,
      name,
    ]);
  const audited = () =>
    database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ action: string; details: object }>(
        `SELECT action, details FROM audit_log WHERE noun = 'billing_details' AND action <> 'changed' ORDER BY id`,
      ),
    );

  it('are asked about once, with their prefix apart, and what is said of them is kept', async () => {
    const own = await anOrganizationWith(german, greek, { country: 'US', value: '91-1144442' });
    says.set(german.value, { valid: true, name: ' Atlas GmbH ', requestIdentifier: 'WAPIAAAA' });
    says.set(greek.value, { valid: false, name: '---', requestIdentifier: '' });
    expect(await ask()).toEqual({ registered: 1, unknown: 1, postponed: 0, reason: null });
    expect(asked.toSorted()).toEqual([
      '/rest-api/check-vat-number DE 136695976',
      '/rest-api/check-vat-number EL 094259216',
    ]);
    expect(await checks(own)).toEqual([
      [german.value, 'registered', 'Atlas GmbH'],
      [greek.value, 'unknown', null],
    ]);
    expect(await audited()).toEqual(
      expect.arrayContaining([
        {
          action: 'registered',
          details: { taxId: german.value, isRegistered: true, name: 'Atlas GmbH', reference: 'WAPIAAAA' },
        },
        expect.objectContaining({ action: 'unknown' }),
      ]),
    );
    expect(await ask()).toMatchObject({ registered: 0, unknown: 0 });
    // Numbers are given up.
    database.clock.moveTo('2026-05-03T00:00:00Z');
    says.set(german.value, { valid: false });
    expect(await ask()).toMatchObject({ registered: 0, unknown: 2 });
    expect(await checks(own)).toEqual([
      [german.value, 'unknown', null],
      [greek.value, 'unknown', null],
    ]);
    expect(await audited()).toHaveLength(3);
  });

  it('wait where their country, or the register, is away, and nobody else waits for them', async () => {
    const own = await anOrganizationWith(german);
    await anOrganizationWith(german, greek);
    says.set(german.value, { actionSucceed: false, errorWrappers: [{ error: 'MS_UNAVAILABLE' }] });
    says.set(greek.value, { valid: true, name: null });
    expect(await ask()).toEqual({
      registered: 1,
      unknown: 0,
      postponed: 2,
      reason: 'VIES has no answer: MS_UNAVAILABLE.',
    });
    // Of a country that does not answer one is asked about.
    expect(asked).toHaveLength(2);
    expect(await checks(own)).toEqual([[german.value, 'waiting', null]]);
    expect(await ask()).toMatchObject({ postponed: 0 });
    database.clock.moveTo(database.clock.nowMs() + 5 * MINUTE);
    says.delete(german.value);
    expect(await ask()).toMatchObject({ postponed: 2, reason: expect.stringContaining('not in JSON') });
    database.clock.moveTo(database.clock.nowMs() + 5 * MINUTE);
    expect(await ask()).toMatchObject({ postponed: 0 });
    database.clock.moveTo(database.clock.nowMs() + 5 * MINUTE);
    says.set(german.value, { valid: true });
    expect(await ask()).toMatchObject({ registered: 2, postponed: 0 });
    expect(await checks(own)).toEqual([[german.value, 'registered', null]]);
  });

  it('are asked about by one of those who ask at the same time, and forgotten when they are taken back', async () => {
    const own = await anOrganizationWith(german);
    says.set(german.value, { valid: true });
    await Promise.all([ask(), ask(), ask()]);
    expect(asked).toHaveLength(1);
    await say(own, greek);
    expect(await checks(own)).toEqual([]);
    says.set(greek.value, { valid: true });
    expect(await ask()).toMatchObject({ registered: 1 });
    await say(own);
    expect(await checks(own)).toEqual([]);
  });
});
