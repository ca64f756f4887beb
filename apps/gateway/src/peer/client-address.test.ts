import { AddressRanges } from '#domain';
import { describe, expect, it } from 'vitest';
import { readForwarding } from './client-address.js';
import { parseForwarded } from './forwarded-field.js';
import { type Peer, type TrustedForwarding, forwardedFor } from './peer.js';

const proxies = AddressRanges.of(['10.0.0.0/8', '2001:db8::/32']);
const from = (address: string, forwarding: Partial<TrustedForwarding> | null): Peer => ({
  address,
  forwardedFor: forwardedFor(address),
  scheme: 'http',
  forwarding: forwarding && { proxies, header: 'x-forwarded-for', ...forwarding },
});
const xForwardedFor = (value: string, peer = from('10.0.0.1', {})) =>
  readForwarding(peer, ['X-Forwarded-For', value], 'api.test').clientAddress;

describe('the address of the caller', () => {
  it('is the peer’s when it is no proxy of ours, whatever it claims', () => {
    const peer = from('203.0.113.9', null);
    const claims = ['X-Forwarded-For', '1.1.1.1', 'Forwarded', 'for=1.1.1.1', 'x-forwarded-proto', 'https'];
    expect(readForwarding(peer, [...claims, 'x-forwarded-host', 'evil.test'], 'api.test')).toEqual({
      clientAddress: '203.0.113.9',
      addresses: ['203.0.113.9'],
      scheme: 'http',
      host: 'api.test',
    });
  });

  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['1.1.1.1, 198.51.100.7', '198.51.100.7'],
    ['198.51.100.7, 10.9.9.9', '198.51.100.7'],
    ['1.1.1.1, 198.51.100.7, 10.9.9.9 ,10.8.8.8', '198.51.100.7'],
    ['10.9.9.9, 10.8.8.8', '10.9.9.9'],
    ['2001:DB9::7, 2001:db8::5', '2001:db9::7'],
    ['198.51.100.7:4711', '198.51.100.7'],
    ['[2001:db9::7]:4711', '2001:db9::7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['198.51.100.7, unknown, 10.9.9.9', '10.9.9.9'],
    ['198.51.100.7, 010.9.9.9', '10.0.0.1'],
    ['', '10.0.0.1'],
    [',', '10.0.0.1'],
  ])('of a proxy that says "%s" is %s', (value, address) => {
    expect(xForwardedFor(value)).toBe(address);
  });

  it('is read over several fields of the same name', () => {
    const raw = ['x-forwarded-for', '1.1.1.1', 'x-forwarded-for', '198.51.100.7', 'x-forwarded-for', '10.9.9.9'];
    expect(readForwarding(from('10.0.0.1', {}), raw, null).addresses).toEqual(['198.51.100.7', '10.9.9.9', '10.0.0.1']);
  });

  it('is read from one kind of field only: the one that our proxy keeps', () => {
    const elements =
      'for=9.9.9.9;proto=http, for=198.51.100.7;proto=https;host="sky.test:8443", for=10.9.9.9;proto=http';
    const raw = ['x-forwarded-for', '1.1.1.1', 'forwarded', elements];
    expect(readForwarding(from('10.0.0.1', { header: 'forwarded' }), raw, 'api.test')).toEqual({
      clientAddress: '198.51.100.7',
      addresses: ['198.51.100.7', '10.9.9.9', '10.0.0.1'],
      scheme: 'https',
      host: 'sky.test:8443',
    });
    expect(readForwarding(from('10.0.0.1', {}), raw, 'api.test').clientAddress).toBe('1.1.1.1');
  });

  it('comes with scheme and host, where these are sound', () => {
    const told = (proto: string, host: string) =>
      readForwarding(from('10.0.0.1', {}), ['x-forwarded-proto', proto, 'x-forwarded-host', host], 'api.test');
    expect(told('HTTPS', 'sky.test')).toMatchObject({ scheme: 'https', host: 'sky.test' });
    expect(told('ftp', 'a"b')).toMatchObject({ scheme: 'http', host: 'api.test' });
  });
});

describe('a Forwarded field', () => {
  const addresses = (value: string) => parseForwarded(value).map((element) => element.get('for'));

  it.each([
    ['for=192.0.2.60;proto=http;by=203.0.113.43', ['192.0.2.60']],
    ['For="[2001:db8:cafe::17]:4711"', ['[2001:db8:cafe::17]:4711']],
    ['for=192.0.2.43, for=198.51.100.17', ['192.0.2.43', '198.51.100.17']],
    ['for="a,b;\\"c" , for=_hidden', ['a,b;"c', '_hidden']],
    ['proto=https', [undefined]],
    ['for=1.1.1.1, nonsense, for=198.51.100.17', ['198.51.100.17']],
    ['for="1.1.1.1', []],
    ['', []],
  ])('%s names %j', (value, expected) => {
    expect(addresses(value)).toEqual(expected);
  });
});
