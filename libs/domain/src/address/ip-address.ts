const COLON = 58;
const DOT = 46;
const MAPPED_PREFIX = 0xffff;

export type AddressFamily = 4 | 6;

/**
 * Writes an address into `words`, four words of 32 bits, and says its family; null for what is no address. IPv4 has the
 * form of its mapped address (::ffff:a.b.c.d), and a mapped address is IPv4: both are one machine. Numbers with leading
 * zeros, which some read as octal, are no addresses. The zone of a link-local address does not matter. Allocates nothing.
 */
export function readAddress(text: string, words: Uint32Array): AddressFamily | null {
  if (text.includes(':')) {
    if (!readIPv6(text, words)) return null;
    return words[0] === 0 && words[1] === 0 && words[2] === MAPPED_PREFIX ? 4 : 6;
  }
  const value = readIPv4(text, 0, text.length);
  if (value === -1) return null;
  words[0] = 0;
  words[1] = 0;
  words[2] = MAPPED_PREFIX;
  words[3] = value;
  return 4;
}

/** The 32 bits of the dotted address from `start` to `end`; -1 for what is none. */
function readIPv4(text: string, start: number, end: number): number {
  let value = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (digits === 0 || ++dots > 3) return -1;
      value = value * 256 + part;
      part = 0;
      digits = 0;
      continue;
    }
    const digit = code - 48;
    if (digit < 0 || digit > 9 || (digits > 0 && part === 0)) return -1;
    part = part * 10 + digit;
    digits++;
    if (part > 255) return -1;
  }
  return dots === 3 && digits > 0 ? value * 256 + part : -1;
}

const groups = new Uint16Array(8);

/** RFC 4291 §2.2, all three forms. */
function readIPv6(text: string, words: Uint32Array): boolean {
  const count = readGroups(text);
  if (count === -1) return false;
  for (let index = 0; index < 4; index++) words[index] = groups[2 * index]! * 65_536 + groups[2 * index + 1]!;
  return true;
}

/** Fills `groups`; -1 for what is no address. */
function readGroups(text: string): number {
  const percent = text.indexOf('%');
  const end = percent === -1 ? text.length : percent;
  let count = 0;
  /** Before which group the "::" is; -1 for none. */
  let gap = -1;
  let at = 0;
  if (text.charCodeAt(0) === COLON) {
    if (text.charCodeAt(1) !== COLON) return -1;
    gap = 0;
    at = 2;
  }
  while (at < end) {
    if (count === 8) return -1;
    const start = at;
    let value = 0;
    while (at < end) {
      const digit = hexDigit(text.charCodeAt(at));
      if (digit === -1) break;
      value = value * 16 + digit;
      if (++at - start > 4) return -1;
    }
    if (at < end && text.charCodeAt(at) === DOT) {
      const dotted = readIPv4(text, start, end);
      if (dotted === -1 || count > 6) return -1;
      groups[count++] = dotted >>> 16;
      groups[count++] = dotted & 0xffff;
      break;
    }
    if (at === start) return -1;
    groups[count++] = value;
    if (at === end) break;
    if (text.charCodeAt(at) !== COLON || ++at === end) return -1;
    if (text.charCodeAt(at) !== COLON) continue;
    if (gap !== -1) return -1;
    gap = count;
    at++;
  }
  return gap === -1 ? (count === 8 ? 8 : -1) : spread(count, gap);
}

/** Puts the zeros that "::" stands for, at least one group of them, where they belong. */
function spread(count: number, gap: number): number {
  if (count === 8) return -1;
  const zeros = 8 - count;
  groups.copyWithin(gap + zeros, gap, count);
  groups.fill(0, gap, gap + zeros);
  return 8;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 0x20;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
