/** Remembers the last ids that were told to it: at least `capacity`, at most twice as many. */
export class RecentIds {
  private newer = new Set<string>();
  private older = new Set<string>();

  constructor(private readonly capacity: number) {}

  add(id: string): void {
    if (this.newer.size >= this.capacity) {
      this.older = this.newer;
      this.newer = new Set();
    }
    this.newer.add(id);
  }

  has(id: string): boolean {
    return this.newer.has(id) || this.older.has(id);
  }
}
