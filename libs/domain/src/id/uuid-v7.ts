import type { Clock } from '../clock/clock.js';

/** Fills the array with bytes that cannot be guessed; `crypto.randomFillSync` in production. */
export type FillRandom = (bytes: Uint8Array) => unknown;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const hexValues = Uint8Array.from({ length: 128 }, (_, code) =>
  Math.max(0, '0123456789abcdef'.indexOf(String.fromCharCode(code))),
);
const hex = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'));

/** True for a UUID in lower-case canonical form (RFC 9562), any version. */
export function isUuid(value: string): boolean {
  return UUID.test(value);
}

/**
 * Makes version 7 UUIDs (RFC 9562 §5.7) that strictly increase within one process: the twelve bits after the version
 * count within a millisecond (§6.2, method 1), and a clock that steps back does not step the ids back.
 */
export class UuidV7Generator {
  private lastMs = -1;
  /** `lastMs` as an id begins with it. */
  private time = '';
  private counter = 0;
  private readonly random = new Uint8Array(8 * 256);
  private offset = this.random.length;

  constructor(
    private readonly clock: Clock,
    private readonly fillRandom: FillRandom,
  ) {}

  /** A new id whose time is the clock's now, or the last id's time when the clock stepped back. */
  next(): string {
    const nowMs = this.clock.nowMs();
    if (nowMs > this.lastMs) this.begin(nowMs);
    else if (++this.counter > 0xfff) this.begin(this.lastMs + 1);
    if (this.offset === this.random.length) {
      this.fillRandom(this.random);
      this.offset = 0;
    }
    const id = this.time + tailOf(this.counter, this.random, this.offset);
    this.offset += 8;
    return id;
  }

  private begin(atMs: number): void {
    this.lastMs = atMs;
    this.time = timeOf(atMs);
    this.counter = 0;
  }
}

/** A UUIDv7 of an instant that may be past, with 74 random bits; unlike a generator's, two of one instant have no order. */
export function uuidV7At(atMs: number, fillRandom: FillRandom): string {
  const random = new Uint8Array(10);
  fillRandom(random);
  return timeOf(atMs) + tailOf(((random[0]! << 8) | random[1]!) & 0xfff, random, 2);
}

/** The lowest UUIDv7 of an instant: the bound of a day's partition, and of a range query by time. */
export function lowestUuidV7(atMs: number): string {
  return `${timeOf(atMs)}-7000-8000-000000000000`;
}

/** The instant in a UUIDv7, in milliseconds since the Unix epoch. */
export function uuidV7TimeMs(id: string): number {
  return hexNumber(id, 0, 8) * 0x10000 + hexNumber(id, 9, 13);
}

/** Puts the 16 bytes of a UUID in lower-case canonical form at an offset. */
export function writeUuid(bytes: Uint8Array, offset: number, id: string): void {
  let to = offset;
  for (let at = 0; at < 36; at += 2) {
    if (at === 8 || at === 13 || at === 18 || at === 23) at++;
    bytes[to++] = (hexValue(id, at) << 4) | hexValue(id, at + 1);
  }
}

/** At most eight digits. */
function hexNumber(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) number = number * 16 + hexValue(text, at);
  return number;
}

function hexValue(text: string, at: number): number {
  return hexValues[text.charCodeAt(at)]!;
}

/** The first 48 bits, as they are written. */
function timeOf(atMs: number): string {
  const time = atMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}`;
}

/** The rest: version, counter, variant and 62 bits of eight random bytes, from an offset on. */
function tailOf(counter: number, random: Uint8Array, at: number): string {
  const variant = hex[0x80 | (random[at]! & 0x3f)]!;
  const node =
    hex[random[at + 2]!]! +
    hex[random[at + 3]!]! +
    hex[random[at + 4]!]! +
    hex[random[at + 5]!]! +
    hex[random[at + 6]!]! +
    hex[random[at + 7]!]!;
  return `-${(0x7000 | counter).toString(16)}-${variant}${hex[random[at + 1]!]!}-${node}`;
}
