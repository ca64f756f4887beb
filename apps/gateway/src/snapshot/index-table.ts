const FIRST_CAPACITY = 256;

/**
 * Finds numbers by a hash: open addressing with linear probing, at most three quarters full. What is behind a number, and
 * whether it is the one that is looked for, only its owner knows. Nothing is ever removed.
 */
export class IndexTable {
  /** Number + 1; 0 where nothing is. */
  private slots = new Uint32Array(FIRST_CAPACITY);
  private mask = FIRST_CAPACITY - 1;
  private count = 0;

  /** `hashAt` gives the hash of a number that was added. */
  constructor(private readonly hashAt: (index: number) => number) {}

  get size(): number {
    return this.count;
  }

  add(index: number): void {
    if ((this.count + 1) * 4 > this.slots.length * 3) this.grow();
    this.put(index);
    this.count++;
  }

  firstSlot(hash: number): number {
    return spread(hash) & this.mask;
  }

  nextSlot(slot: number): number {
    return (slot + 1) & this.mask;
  }

  /** The number in a slot; -1 at the end of the search. */
  indexAt(slot: number): number {
    return this.slots[slot]! - 1;
  }

  private put(index: number): void {
    let slot = this.firstSlot(this.hashAt(index));
    while (this.slots[slot] !== 0) slot = this.nextSlot(slot);
    this.slots[slot] = index + 1;
  }

  private grow(): void {
    const previous = this.slots;
    this.slots = new Uint32Array(previous.length * 2);
    this.mask = this.slots.length - 1;
    for (const entry of previous) if (entry !== 0) this.put(entry - 1);
  }
}

/** Lets every bit of the hash count for the lowest ones. */
function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}
