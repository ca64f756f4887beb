/** A power of two, and as many as `DIGITS_OF_PLACE` hexadecimal digits tell apart. */
const PLACES = 16_384;
const DIGITS_OF_PLACE = 4;

/**
 * Keeps the latest value of up to 16,384 ids: who was there lately comes again soon. The last digits of an id, which are
 * random in a UUID, give its place, and whatever comes to the same place takes it. So a look costs next to nothing, and it is for
 * the caller to see whether what it finds is of that id.
 */
export class RecentById<Value> {
  private readonly values: (Value | null)[] = Array.from({ length: PLACES }, () => null);

  /** What is at the place of an id, which may be of another one; null for nothing. */
  at(id: string): Value | null {
    return this.values[placeOf(id)]!;
  }

  put(id: string, value: Value): void {
    this.values[placeOf(id)] = value;
  }
}

function placeOf(id: string): number {
  let place = 0;
  for (let at = id.length - DIGITS_OF_PLACE; at < id.length; at++) {
    const code = id.charCodeAt(at);
    place = (place << 4) | ((code & 0xf) + (code > 0x40 ? 9 : 0));
  }
  return place & (PLACES - 1);
}
