import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type NameRecord,
  type TestNameServer,
  addressRecords,
  startNameServer,
} from '../../../../test/support/name-server.js';
import { askForAddresses, askForService } from './ask-name-servers.js';

let names: TestNameServer;
beforeEach(async () => {
  names = await startNameServer();
});
afterEach(() => names.close());

const options = (allowsPrivate = true) => ({ servers: [names.address], allowsPrivate });
const addresses = (name: string, allowsPrivate = true) => askForAddresses(name, 8080, options(allowsPrivate));
const service = (name: string) => askForService(name, options());
const srv = (priority: number, weight: number, port: number, target: string): NameRecord => ({
  type: 'SRV',
  priority,
  weight,
  port,
  target,
});

describe('targets by the addresses of a name', () => {
  it('are those of both families, for as long as the shortest of them holds', async () => {
    const six = { type: 'AAAA', address: Buffer.from('fd120000000000000000000000000001', 'hex'), ttl: 20 } as const;
    names.records.set('orders.test', [
      ...addressRecords('10.0.0.2', '10.0.0.1').map((one) => ({ ...one, ttl: 30 })),
      six,
    ]);
    const { targets, validForMs, remarks } = await addresses('orders.test');
    expect(targets.map(({ host }) => host)).toEqual(['10.0.0.1', '10.0.0.2', 'fd12::1']);
    expect(targets[0]).toEqual({ host: '10.0.0.1', port: 8080, weight: 1, priority: 0 });
    expect(validForMs).toBe(20_000);
    expect(remarks).toEqual([]);
  });

  it('are none where no upstream may be, which is told', async () => {
    names.records.set('orders.test', addressRecords('203.0.113.7', '10.0.0.1', '169.254.169.254'));
    const told = (address: string) => `orders.test leads to ${address}, where no upstream may be`;
    expect(await addresses('orders.test')).toMatchObject({
      targets: [{ host: '10.0.0.1' }, { host: '203.0.113.7' }],
      remarks: [told('169.254.169.254')],
    });
    expect((await addresses('orders.test', false)).targets).toMatchObject([{ host: '203.0.113.7' }]);
    names.records.set('orders.test', addressRecords('10.0.0.1'));
    await expect(addresses('orders.test', false)).rejects.toThrow(`the answer is empty; ${told('10.0.0.1')}`);
  });

  it('tell nothing from no answer', async () => {
    await expect(addresses('gone.test')).rejects.toThrow('there is no such record of gone.test (ENODATA)');
    names.fault = 3;
    await expect(addresses('gone.test')).rejects.toThrow('there is no such record of gone.test (ENOTFOUND)');
    names.fault = 2;
    await expect(addresses('gone.test')).rejects.toThrow('no name server answers for gone.test (ESERVFAIL)');
  });
});

describe('targets by a service', () => {
  it('have ports, priorities and weights, and a share of these for each address', async () => {
    names.records.set('_http._tcp.orders.test', [
      srv(10, 3, 8001, 'a.test'),
      srv(10, 0, 8002, 'b.test'),
      srv(20, 5, 8003, 'a.test'),
    ]);
    names.records.set('a.test', addressRecords('10.0.0.1', '10.0.0.2'));
    names.records.set('b.test', addressRecords('10.0.0.3'));
    const { targets } = await service('_http._tcp.orders.test');
    expect(targets).toEqual([
      { host: '10.0.0.1', port: 8001, weight: 150, priority: 10 },
      { host: '10.0.0.2', port: 8001, weight: 150, priority: 10 },
      { host: '10.0.0.3', port: 8002, weight: 1, priority: 10 },
      { host: '10.0.0.1', port: 8003, weight: 250, priority: 20 },
      { host: '10.0.0.2', port: 8003, weight: 250, priority: 20 },
    ]);
  });

  it('share alike when none has a weight, and leave out a host that has no address', async () => {
    names.records.set('_http._tcp.orders.test', [
      srv(1, 0, 1, 'a.test'),
      srv(1, 0, 2, 'b.test'),
      srv(1, 0, 3, 'gone.test'),
    ]);
    names.records.set('a.test', addressRecords('10.0.0.1'));
    names.records.set('b.test', addressRecords('10.0.0.2'));
    const { targets, remarks } = await service('_http._tcp.orders.test');
    expect(targets.map(({ weight }) => weight)).toEqual([1, 1]);
    expect(remarks).toEqual(['there is no such record of gone.test (ENODATA)']);
  });

  it('are none of a service that says that it is not there (RFC 2782)', async () => {
    names.records.set('_http._tcp.orders.test', [srv(0, 0, 0, '.')]);
    await expect(service('_http._tcp.orders.test')).rejects.toThrow('the answer is empty');
  });
});
