import { type AddressFamily, readAddress } from './ip-address.js';

const FAULT_FORM = 'expected an address or a range such as 192.0.2.0/24 or 2001:db8::/32';

interface AddressRange {
  readonly family: AddressFamily;
  /** Four words of 32 bits each. */
  readonly first: Uint32Array;
  readonly last: Uint32Array;
}

/**
 * A set of IPv4 and IPv6 addresses, given by addresses and ranges in CIDR form (RFC 4632, RFC 4291). Made once; a look-up
 * is a binary search and allocates nothing. Ranges of one family hold no address of the other, so `::/0` holds no IPv4;
 * a mapped address (::ffff:192.0.2.1) is the IPv4 address.
 */
export class AddressRanges {
  private readonly ofIPv4: RangeTable;
  private readonly ofIPv6: RangeTable;

  private constructor(ranges: readonly AddressRange[]) {
    this.ofIPv4 = new RangeTable(ranges.filter(({ family }) => family === 4));
    this.ofIPv6 = new RangeTable(ranges.filter(({ family }) => family === 6));
  }

  /**
   * The addresses that these ranges hold together.
   * @throws TypeError for what `addressRangeFault` objects to.
   */
  static of(texts: readonly string[]): AddressRanges {
    return new AddressRanges(
      texts.map((text) => {
        const range = parseRange(text);
        if (typeof range === 'string') throw new TypeError(`"${text}": ${range}`);
        return range;
      }),
    );
  }

  /** False also for what is no address. */
  has(address: string): boolean {
    switch (readAddress(address, looked)) {
      case 4:
        return this.ofIPv4.has(looked);
      case 6:
        return this.ofIPv6.has(looked);
      case null:
        return false;
    }
  }
}

/** What is wrong with an address or range, as people should read it; null when nothing is. */
export function addressRangeFault(text: string): string | null {
  const range = parseRange(text);
  return typeof range === 'string' ? range : null;
}

/** What `has` looks for; look-ups never overlap. */
const looked = new Uint32Array(4);

/** Ranges of one family in ascending order, none within another. */
class RangeTable {
  private readonly count: number;
  private readonly firsts: Uint32Array;
  private readonly lasts: Uint32Array;

  constructor(ranges: readonly AddressRange[]) {
    const kept: AddressRange[] = [];
    for (const range of ranges.toSorted((a, b) => compare(a.first, 0, b.first) || -compare(a.last, 0, b.last))) {
      const before = kept.at(-1);
      // CIDR ranges that overlap lie one within the other.
      if (!before || compare(range.first, 0, before.last) > 0) kept.push(range);
    }
    this.count = kept.length;
    this.firsts = new Uint32Array(kept.flatMap(({ first }) => [...first]));
    this.lasts = new Uint32Array(kept.flatMap(({ last }) => [...last]));
  }

  has(words: Uint32Array): boolean {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(this.firsts, 4 * middle, words) <= 0) low = middle + 1;
      else high = middle;
    }
    return low > 0 && compare(this.lasts, 4 * (low - 1), words) >= 0;
  }
}

/** Compares the four words of `list` from `at` with those of `words`. */
function compare(list: Uint32Array, at: number, words: Uint32Array): number {
  for (let index = 0; index < 4; index++) {
    const difference = list[at + index]! - words[index]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

function parseRange(text: string): AddressRange | string {
  const [, address, bitsText] = /^([0-9A-Fa-f.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  if (address === undefined) return FAULT_FORM;
  const first = new Uint32Array(4);
  const family = readAddress(address, first);
  if (family === null) return FAULT_FORM;
  const isDotted = !address.includes(':');
  const widest = isDotted ? 32 : 128;
  const bits = bitsText === undefined ? widest : Number(bitsText);
  if (bits > widest) return `the prefix of such a range has at most ${widest} bits`;
  const prefix = isDotted ? 96 + bits : bits;
  if (family === 4 && prefix < 96) return 'a range of mapped addresses has a prefix of at least 96 bits';
  const last = new Uint32Array(4);
  for (let index = 0; index < 4; index++) {
    const hostBits = Math.min(32, Math.max(0, 32 * (index + 1) - prefix));
    const mask = 2 ** hostBits - 1;
    if ((first[index]! & mask) !== 0) return `the address has bits beyond its prefix of ${bits} bits`;
    last[index] = first[index]! + mask;
  }
  return { family, first, last };
}
