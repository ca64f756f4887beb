import { describe, expect, it } from 'vitest';
import { canonicalAddress } from './canonical-address.js';

describe('an address in its one form', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['255.255.255.255', '255.255.255.255'],
    ['0.0.0.0', '0.0.0.0'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:207', '192.0.2.7'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8:0:1:0:0:0:1', '2001:db8:0:1::1'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['1:0:3:4:5:6:7:8', '1:0:3:4:5:6:7:8'],
    ['64:ff9b::192.0.2.7', '64:ff9b::c000:207'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('of %s is %s', (text, written) => {
    expect(canonicalAddress(text)).toBe(written);
    expect(canonicalAddress(written)).toBe(written);
  });

  it.each(['', '1.2.3', '01.2.3.4', '2130706433', '1.2.3.4 ', 'a.test', ':::'])('of %j is none', (text) => {
    expect(canonicalAddress(text)).toBeNull();
  });
});
