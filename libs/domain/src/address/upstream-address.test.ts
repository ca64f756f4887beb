import { describe, expect, it } from 'vitest';
import { judgeUpstreamAddress } from './upstream-address.js';

describe('an address as an upstream', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    '100.100.100.200',
    '168.63.129.16',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::169.254.169.254',
    '64:ff9b::169.254.169.254',
    '2002:a9fe:a9fe::1',
  ])('is forbidden to everybody: %s', (address) => {
    expect(judgeUpstreamAddress(address, true)).toBe('forbidden');
    expect(judgeUpstreamAddress(address, false)).toBe('forbidden');
  });

  it.each([
    '10.1.2.3',
    '127.0.0.1',
    '127.255.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '198.18.0.1',
    '::1',
    'fd12::1',
    'fec0::1',
    '::ffff:10.0.0.1',
    '64:ff9b::10.0.0.1',
    '2002:0a00:0001::1',
  ])('is for those who may use the operator’s network: %s', (address) => {
    expect(judgeUpstreamAddress(address, true)).toBe('allowed');
    expect(judgeUpstreamAddress(address, false)).toBe('private');
  });

  it.each(['203.0.113.9', '172.32.0.1', '11.0.0.1', '2a00::1', '64:ff9b::203.0.113.9', '::ffff:203.0.113.9'])(
    'is for everybody: %s',
    (address) => {
      expect(judgeUpstreamAddress(address, false)).toBe('allowed');
    },
  );

  it.each(['', 'localhost', '0x7f.1', '0177.0.0.1', '2130706433', '127.1'])('is none: %j', (text) => {
    expect(judgeUpstreamAddress(text, true)).toBe('not_an_address');
  });
});
