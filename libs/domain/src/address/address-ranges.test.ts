import { BlockList, isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressRanges, addressRangeFault } from './address-ranges.js';

describe('AddressRanges', () => {
  it('holds the first and the last address of a range and none beside it', () => {
    const ranges = AddressRanges.of(['192.0.2.64/26', '2001:db8:0:8::/62', '198.51.100.7']);
    const within = ['192.0.2.64', '192.0.2.127', '198.51.100.7', '2001:db8:0:8::', '2001:db8:0:b:ffff:ffff:ffff:ffff'];
    for (const address of within) expect(ranges.has(address)).toBe(true);
    for (const address of ['192.0.2.63', '192.0.2.128', '198.51.100.8', '2001:db8:0:7:ffff::', '2001:db8:0:c::'])
      expect(ranges.has(address)).toBe(false);
  });

  it('takes a mapped address for the IPv4 address, in the rule and in the look-up', () => {
    expect(AddressRanges.of(['192.0.2.0/24']).has('::ffff:192.0.2.9')).toBe(true);
    expect(AddressRanges.of(['192.0.2.0/24']).has('::FFFF:c000:209')).toBe(true);
    expect(AddressRanges.of(['::ffff:192.0.2.0/120']).has('192.0.2.9')).toBe(true);
    expect(AddressRanges.of(['::ffff:192.0.2.0/120']).has('192.0.3.9')).toBe(false);
  });

  it('keeps the families apart', () => {
    expect(AddressRanges.of(['::/0']).has('192.0.2.1')).toBe(false);
    expect(AddressRanges.of(['::/0']).has('::1')).toBe(true);
    expect(AddressRanges.of(['0.0.0.0/0']).has('::1')).toBe(false);
    expect(AddressRanges.of(['0.0.0.0/0']).has('255.255.255.255')).toBe(true);
  });

  it('does not look at the zone of a link-local address', () => {
    expect(AddressRanges.of(['fe80::/10']).has('fe80::1%eth0')).toBe(true);
  });

  it.each([
    '',
    'unknown',
    '192.0.2',
    '192.0.2.1.1',
    '192.0.2.256',
    '192.0.2.01',
    '1:2',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    '::1.2.3',
    '12345::',
    '1:',
    ':1',
    '%eth0',
    '1:2:3:4:5:6:7::8:9',
  ])('holds no "%s", which is no address', (address) => {
    expect(AddressRanges.of(['0.0.0.0/0', '::/0']).has(address)).toBe(false);
  });

  it('reads addresses as the platform does', () => {
    const all = AddressRanges.of(['0.0.0.0/0', '::/0']);
    const group = fc.oneof(
      fc.constantFrom('', '0', ':', '::', '1', 'ffff', 'FfFf', '10000', 'g', '1.2.3.4', '01'),
      fc.integer({ min: 0, max: 0x1ffff }).map((value) => value.toString(16)),
    );
    const text = fc.array(group, { minLength: 1, maxLength: 9 }).map((parts) => parts.join(':'));
    fc.assert(
      fc.property(fc.oneof(text, fc.ipV4(), fc.ipV6(), fc.ipV4Extended()), (address) => {
        expect(all.has(address)).toBe(isIPv4(address) || isIPv6(address));
      }),
      { numRuns: 2_000 },
    );
  });

  it('agrees with the platform about ranges', () => {
    const range = fc.tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0, max: 32 }));
    fc.assert(
      fc.property(
        fc.array(range, { minLength: 1, maxLength: 12 }),
        fc.array(fc.integer({ min: 0, max: 0xffffffff })),
        (list, values) => {
          const block = new BlockList();
          const texts = list.map(([value, bits]) => {
            const network = bits === 0 ? 0 : (value & (0xffffffff << (32 - bits))) >>> 0;
            block.addSubnet(dotted(network), bits, 'ipv4');
            return `${dotted(network)}/${bits}`;
          });
          const ranges = AddressRanges.of(texts);
          for (const value of [...values, ...list.map(([of]) => of)])
            expect(ranges.has(dotted(value))).toBe(block.check(dotted(value)));
        },
      ),
    );
  });
});

describe('addressRangeFault', () => {
  it('objects to nothing that is a range', () => {
    for (const text of ['192.0.2.1', '192.0.2.0/24', '::', '2001:db8::/32', '::ffff:192.0.2.0/120', '0.0.0.0/0'])
      expect(addressRangeFault(text)).toBeNull();
  });

  it.each([
    ['192.0.2.0/33', 'at most 32 bits'],
    ['2001:db8::/129', 'at most 128 bits'],
    ['192.0.2.1/24', 'bits beyond its prefix of 24 bits'],
    ['2001:db8::1/32', 'bits beyond its prefix of 32 bits'],
    ['::ffff:192.0.2.0/24', 'at least 96 bits'],
    ['fe80::1%eth0', 'expected an address or a range'],
    ['example.com', 'expected an address or a range'],
    ['192.0.2.0/', 'expected an address or a range'],
  ])('says what is wrong with %s', (text, fault) => {
    expect(addressRangeFault(text)).toContain(fault);
    expect(() => AddressRanges.of([text])).toThrow(fault);
  });
});

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.');
}
